# What an installation holds beside programs and connectors: headers, libraries, and the package
# that find_package(Patchbay) reads. Targets: patchbay::abi, patchbay::sdk, patchbay::host.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Patchbay)

install(
    TARGETS patchbay_abi patchbay_sdk patchbay_host
    EXPORT PatchbayTargets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILE_SET host_headers DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILE_SET registry_headers DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(
    EXPORT PatchbayTargets
    NAMESPACE patchbay::
    DESTINATION ${package_dir})

# Before version 1.0 a minor version is a contract of its own.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/PatchbayConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(
    FILES ${PROJECT_BINARY_DIR}/PatchbayConfigVersion.cmake
          ${CMAKE_CURRENT_LIST_DIR}/PatchbayConfig.cmake
          ${CMAKE_CURRENT_LIST_DIR}/PatchbayConnector.cmake
          ${CMAKE_CURRENT_LIST_DIR}/connector.map
    DESTINATION ${package_dir})

install(DIRECTORY ${PROJECT_SOURCE_DIR}/plugin-api/template
        DESTINATION ${CMAKE_INSTALL_DATADIR}/patchbay
        PATTERN .clang-format EXCLUDE)

# The documentation keeps the folders it has here, so that its links lead somewhere.
set(doc_dir ${CMAKE_INSTALL_DATADIR}/doc/patchbay)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${doc_dir})
install(FILES ${PROJECT_SOURCE_DIR}/plugin-api/README.md
              ${PROJECT_SOURCE_DIR}/plugin-api/CHANGELOG.md DESTINATION ${doc_dir}/plugin-api)
install(FILES ${PROJECT_SOURCE_DIR}/registry/README.md ${PROJECT_SOURCE_DIR}/registry/refusals.md
        DESTINATION ${doc_dir}/registry)
set(folders ${PATCHBAY_CONNECTORS})
list(TRANSFORM folders PREPEND plugins/)
foreach(folder IN LISTS folders ITEMS host plugins schemas tools tests)
    install(FILES ${PROJECT_SOURCE_DIR}/${folder}/README.md DESTINATION ${doc_dir}/${folder})
endforeach()
