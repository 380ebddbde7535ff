// SPDX-License-Identifier: Apache-2.0
// The whole contract in one include, in the order in which it is best read.
#pragma once

#include "version.h"

// How things are said.
#include "arrow.h"
#include "covers.h"
#include "error.h"
#include "status.h"
#include "text.h"

// What the host hands to a connector.
#include "call.h"
#include "cancel.h"
#include "host.h"
#include "params.h"
#include "sink.h"

// What a connector is, and what it can do.
#include "catalog.h"
#include "connector.h"
#include "library.h"
#include "source.h"
#include "sql.h"
#include "stream_info.h"

// What a host may offer.
#include "clock.h"
#include "log.h"
