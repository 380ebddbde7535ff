# patchbay_add_tests(NAME SOURCES x.test.cpp... [LINKS targets...] [LABELS labels...]
#                    [FIXTURES fixtures...])
#
# One Catch2 program; ctest runs each of its test cases in a process of its own, after the set-up of
# the ctest fixtures that it names.

find_package(Catch2 REQUIRED)
if(Catch2_VERSION VERSION_LESS 3)
    # Version 2 keeps its discovery script beside its package file.
    list(APPEND CMAKE_MODULE_PATH ${Catch2_DIR})
endif()
include(Catch)

# Address space randomisation as kernels do it now is too much for the sanitizers' shadow maps.
set(patchbay_test_wrapper "")
if(PATCHBAY_SANITIZE)
    find_program(PATCHBAY_SETARCH setarch REQUIRED)
    set(patchbay_test_wrapper ${PATCHBAY_SETARCH} -R)
endif()

function(patchbay_add_tests name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS;LABELS;FIXTURES")
    add_executable(${name} ${arg_SOURCES})
    patchbay_compile_options(${name})
    target_link_libraries(${name} PRIVATE ${arg_LINKS} patchbay_test_support)
    if(PATCHBAY_PCH)
        target_precompile_headers(${name} REUSE_FROM patchbay_test_support)
    endif()
    set_target_properties(
        ${name}
        PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests
                   CROSSCOMPILING_EMULATOR "${patchbay_test_wrapper}")
    catch_discover_tests(
        ${name}
        TEST_PREFIX "${name}: "
        EXTRA_ARGS --warn NoAssertions
        PROPERTIES SKIP_REGULAR_EXPRESSION "SKIPPED: " LABELS "${arg_LABELS}" FIXTURES_REQUIRED "${arg_FIXTURES}")
endfunction()
