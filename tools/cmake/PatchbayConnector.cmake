# Builds a connector and puts its bundle together; works in this tree and from an installed package.
#
#   patchbay_add_connector(NAME
#       SOURCES file...            # C or C++
#       [LINKS target...]          # client libraries; patchbay::sdk (C++) or patchbay::abi (C)
#                                  # comes by itself
#       [BUNDLE_DIR dir]           # where connector.json and the schemas are; default: here
#       [OUTPUT_DIR dir]           # where the bundle is built; default: lib/patchbay/connectors/NAME
#       [NO_INSTALL])
#
# Makes two targets: patchbay_NAME_core, the code as a static library for unit tests, and
# patchbay_NAME, the library that is loaded. ID and version come from connector.json, as the macros
# PATCHBAY_CONNECTOR_ID and PATCHBAY_CONNECTOR_VERSION, so that they are written down once.
#
# The link recipe: one exported symbol (connector.map), no symbol left undefined, everything bound
# and read-only at load, nothing of a static library passed on.

set(PATCHBAY_CONNECTOR_MAP ${CMAKE_CURRENT_LIST_DIR}/connector.map)

function(patchbay_add_connector name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "NO_INSTALL" "BUNDLE_DIR;OUTPUT_DIR" "SOURCES;LINKS")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
        message(FATAL_ERROR "patchbay_add_connector(${name}): SOURCES are missing, or these words "
                            "are not known: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_BUNDLE_DIR)
        set(arg_BUNDLE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
    endif()
    if(NOT arg_OUTPUT_DIR)
        set(arg_OUTPUT_DIR ${CMAKE_BINARY_DIR}/lib/patchbay/connectors/${name})
    endif()

    set(manifest ${arg_BUNDLE_DIR}/connector.json)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})
    file(READ ${manifest} manifest_json)
    string(JSON id GET "${manifest_json}" id)
    string(JSON version GET "${manifest_json}" version)
    string(JSON library GET "${manifest_json}" library)
    cmake_path(GET library STEM LAST_ONLY library_stem)

    set(contract patchbay::abi)
    if("${arg_SOURCES}" MATCHES "\\.(cpp|cc|cxx)(;|$)")
        set(contract patchbay::sdk)
    endif()

    add_library(patchbay_${name}_core STATIC ${arg_SOURCES})
    target_compile_definitions(
        patchbay_${name}_core PRIVATE PATCHBAY_CONNECTOR_ID="${id}"
                                      PATCHBAY_CONNECTOR_VERSION="${version}")
    target_link_libraries(patchbay_${name}_core PUBLIC ${contract} ${arg_LINKS})
    set_target_properties(
        patchbay_${name}_core
        PROPERTIES POSITION_INDEPENDENT_CODE ON
                   C_VISIBILITY_PRESET hidden
                   CXX_VISIBILITY_PRESET hidden
                   VISIBILITY_INLINES_HIDDEN ON)
    if(COMMAND patchbay_compile_options)
        patchbay_compile_options(patchbay_${name}_core)
    endif()

    add_library(patchbay_${name} MODULE $<TARGET_OBJECTS:patchbay_${name}_core>)
    target_link_libraries(patchbay_${name} PRIVATE ${contract} ${arg_LINKS})
    target_link_options(
        patchbay_${name}
        PRIVATE
        LINKER:--version-script=${PATCHBAY_CONNECTOR_MAP}
        LINKER:-z,relro,-z,now
        LINKER:--exclude-libs,ALL)
    # clang leaves a sanitizer's symbols to the program and cannot link a library without holes.
    if(NOT (CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND "${PATCHBAY_SANITIZE} ${CMAKE_CXX_FLAGS}" MATCHES
                                                      "address|thread|undefined"))
        target_link_options(patchbay_${name} PRIVATE LINKER:-z,defs)
    endif()
    set_target_properties(
        patchbay_${name}
        PROPERTIES PREFIX ""
                   OUTPUT_NAME ${library_stem}
                   LINK_DEPENDS ${PATCHBAY_CONNECTOR_MAP}
                   LIBRARY_OUTPUT_DIRECTORY ${arg_OUTPUT_DIR}
                   SKIP_BUILD_RPATH ON)

    set(bundle_files ${manifest})
    foreach(member settings_schema request_schema icon)
        string(JSON file ERROR_VARIABLE absent GET "${manifest_json}" ${member})
        if(NOT absent)
            list(APPEND bundle_files ${arg_BUNDLE_DIR}/${file})
        endif()
    endforeach()
    list(APPEND bundle_files ${arg_BUNDLE_DIR}/settings.example.json)
    foreach(file IN LISTS bundle_files)
        cmake_path(GET file FILENAME file_name)
        configure_file(${file} ${arg_OUTPUT_DIR}/${file_name} COPYONLY)
    endforeach()

    if(NOT arg_NO_INSTALL)
        install(TARGETS patchbay_${name} LIBRARY DESTINATION lib/patchbay/connectors/${name})
        install(FILES ${bundle_files} DESTINATION lib/patchbay/connectors/${name})
    endif()
endfunction()
