# Programs built in the private root run from the host's shell: they carry the root's loader and
# look for libraries in the root first, for themselves and for the libraries' libraries (RPATH,
# not RUNPATH).
if(HDRP_ROOT)
  set(hdrp_root_libraries "${HDRP_ROOT}/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}")
  file(GLOB hdrp_root_loader "${HDRP_ROOT}/usr/lib64/ld-linux-*.so.*" "${HDRP_ROOT}/usr/lib/ld-linux-*.so.*")
  if(NOT hdrp_root_loader)
    message(FATAL_ERROR "HDRP_ROOT=${HDRP_ROOT} holds no loader; run env/setup")
  endif()
  list(GET hdrp_root_loader 0 hdrp_root_loader)
  add_link_options(
    "-Wl,--dynamic-linker=${hdrp_root_loader}"
    "-Wl,-rpath,${hdrp_root_libraries},--disable-new-dtags")
endif()
