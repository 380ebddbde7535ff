# How everything of ours is compiled: warnings, visibility, hardening, sanitizers, ccache.
#
# patchbay_compile_options(TARGET...) applies it to targets of ours; it never reaches a consumer.

find_program(PATCHBAY_CCACHE ccache)
if(PATCHBAY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Precompiled headers need these two words of sloppiness, or ccache passes them by.
    set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${PATCHBAY_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

option(PATCHBAY_PCH "Precompile the heavy headers of others" ON)

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()

if(PATCHBAY_SANITIZE)
    string(REPLACE "," ";" sanitizers "${PATCHBAY_SANITIZE}")
    foreach(sanitizer IN LISTS sanitizers)
        if(NOT sanitizer MATCHES "^(address|undefined|thread)$")
            message(FATAL_ERROR "PATCHBAY_SANITIZE: ${sanitizer} is none of address, undefined, thread")
        endif()
    endforeach()
    # Every translation unit of the build, tests included: half a sanitizer sees half the faults.
    add_compile_options(-fsanitize=${PATCHBAY_SANITIZE} -fno-sanitize-recover=all
                        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PATCHBAY_SANITIZE})
endif()

if(PATCHBAY_FUZZ)
    # What is fuzzed tells the fuzzer where it went, and stops where an assertion does not hold.
    add_compile_options(-fsanitize=fuzzer-no-link -UNDEBUG)
endif()

# g++ 12 sees overflows in its own std::string when it optimises (GCC bug 105651).
set(patchbay_false_warnings "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    set(patchbay_false_warnings -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
                                -Wno-stringop-overread)
endif()

function(patchbay_compile_options)
    foreach(target IN LISTS ARGN)
        target_compile_options(
            ${target}
            PRIVATE -Wall
                    -Wextra
                    -Wpedantic
                    -Wshadow
                    -Wconversion
                    -Wsign-conversion
                    -Wcast-align
                    -Wformat=2
                    -Wundef
                    -Wunused
                    ${patchbay_false_warnings}
                    # A designated initialiser leaves the other members zero on purpose.
                    -Wno-missing-field-initializers
                    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
                    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
                    $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast>
                    $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>
                    -fstack-protector-strong
                    $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
        set_target_properties(
            ${target}
            PROPERTIES C_VISIBILITY_PRESET hidden
                       CXX_VISIBILITY_PRESET hidden
                       VISIBILITY_INLINES_HIDDEN ON)
        get_target_property(type ${target} TYPE)
        if(type MATCHES "EXECUTABLE|SHARED_LIBRARY|MODULE_LIBRARY")
            target_link_options(${target} PRIVATE -Wl,-z,relro,-z,now)
        endif()
    endforeach()
endfunction()
