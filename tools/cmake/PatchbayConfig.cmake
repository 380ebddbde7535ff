# find_package(Patchbay): targets patchbay::abi (the contract, C11), patchbay::sdk (for connectors in
# C++) and patchbay::host (for applications), and patchbay_add_connector().
include(${CMAKE_CURRENT_LIST_DIR}/PatchbayTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/PatchbayConnector.cmake)
