// SPDX-License-Identifier: Apache-2.0
// The library of a connector that does nothing, compiled once for each fault it can have.

#include <patchbay/abi/library.h>

#include <stddef.h>

#if defined(WITHOUT_ENTRY)
int patchbay_connector_entri(void);
int patchbay_connector_entri(void) {
    return 0;
}
#elif defined(ENTRY_IS_DATA)
const char* const patchbay_connector_entry_data = "not a function";
__asm__(".globl patchbay_connector_entry\n"
        ".type patchbay_connector_entry, %object\n"
        ".set patchbay_connector_entry, patchbay_connector_entry_data\n");
#else
const patchbay_library* patchbay_connector_entry(uint32_t host_abi_major, uint32_t host_abi_minor) {
    (void)host_abi_major;
    (void)host_abi_minor;
    return NULL;
}
#endif

#if defined(EXTRA_EXPORT)
PATCHBAY_CONNECTOR_EXPORT int leaked_helper(void);
int leaked_helper(void) {
    return 1;
}
#endif

#if defined(UNIQUE_SYMBOL)
__asm__(".data\n"
        ".globl shared_by_all\n"
        ".type shared_by_all, %gnu_unique_object\n"
        ".size shared_by_all, 4\n"
        "shared_by_all: .long 0\n"
        ".text\n");
#endif

#if defined(TEXT_RELOCATION)
__asm__(".text\n"
        ".balign 8\n"
        ".quad patchbay_test_target\n"
        ".data\n"
        ".balign 8\n"
        "patchbay_test_target: .quad 0\n"
        ".text\n");
#endif

#if defined(WRITABLE_CODE)
__asm__(".section .writable_code, \"awx\", %progbits\n"
        ".long 0\n"
        ".text\n");
#endif

#if defined(STATIC_TLS)
static __thread int per_thread __attribute__((tls_model("initial-exec")));
static int* address_of_per_thread(void) {
    return &per_thread;
}
int* (*const patchbay_test_keeps_it)(void)__attribute__((used)) = address_of_per_thread;
#endif

#if defined(CONSTRUCTOR)
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

// Leaves a file behind that proves that the library was run.
__attribute__((constructor)) static void write_proof(void) {
    const char* file = getenv("PATCHBAY_TEST_PROOF");
    if (file != NULL) close(open(file, O_WRONLY | O_CREAT, 0644));
}
#endif
