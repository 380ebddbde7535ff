// SPDX-License-Identifier: Apache-2.0
// A step of the build: writes the man page to standard output.

#include "manual.hpp"
#include "output/byte_sink.hpp"

#include <unistd.h>

int main() {
    patchbay::command::DescriptorSink out(STDOUT_FILENO, "standard output");
    return out.write(patchbay::command::manual_page()) ? 0 : 1;
}
