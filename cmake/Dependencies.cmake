# Third-party libraries, by the names pkg-config knows them under. Only the folder that needs one
# links it (src/CMakeLists.txt; the test `layers` watches the includes).
find_package(PkgConfig REQUIRED)

function(hdrp_find name module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL "${module}")
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE PkgConfig::${name})
endfunction()

hdrp_find(hdrp_ext_jpeg libjpeg)
hdrp_find(hdrp_ext_png libpng)
hdrp_find(hdrp_ext_tiff libtiff-4)
hdrp_find(hdrp_ext_openexr OpenEXR)
hdrp_find(hdrp_ext_webp libwebp)
hdrp_find(hdrp_ext_webpdemux libwebpdemux)
hdrp_find(hdrp_ext_heif libheif)
hdrp_find(hdrp_ext_avif libavif)
hdrp_find(hdrp_ext_jxl libjxl)
hdrp_find(hdrp_ext_lcms2 lcms2)
hdrp_find(hdrp_ext_exiv2 exiv2)
hdrp_find(hdrp_ext_pugixml pugixml)
hdrp_find(hdrp_ext_nettle nettle)
hdrp_find(hdrp_ext_hwy libhwy)
hdrp_find(hdrp_ext_uhdr libuhdr)
hdrp_find(hdrp_ext_onnxruntime libonnxruntime)
hdrp_find(hdrp_ext_microhttpd libmicrohttpd)
# OpenCV's parts come without a pkg-config file of their own.
add_library(hdrp_ext_opencv INTERFACE)
find_path(HDRP_OPENCV_INCLUDE opencv2/calib3d.hpp PATH_SUFFIXES opencv4 REQUIRED)
target_include_directories(hdrp_ext_opencv SYSTEM INTERFACE "${HDRP_OPENCV_INCLUDE}")
target_link_libraries(hdrp_ext_opencv INTERFACE
  opencv_calib3d opencv_features2d opencv_imgproc opencv_core)
find_package(CLI11 CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
if(HDRP_TESTS)
  hdrp_find(hdrp_ext_gmock_main gmock_main)
  target_link_libraries(hdrp_ext_gmock_main INTERFACE gmock gtest)
endif()

# libexiv2 has a RUNPATH of its own, which makes the loader ignore ours when it looks for what
# libexiv2 needs. Programs therefore name those libraries themselves; they are loaded first.
if(HDRP_ROOT)
  execute_process(
    COMMAND ${CMAKE_READELF} --dynamic "${hdrp_root_libraries}/libexiv2.so"
    OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "\\(NEEDED\\)[^\n]*\\[[^]]+\\]" needed "${dynamic}")
  list(TRANSFORM needed REPLACE ".*\\[([^]]+)\\].*" "-l:\\1")
  target_link_options(hdrp_ext_exiv2 INTERFACE
    -Wl,--push-state,--no-as-needed ${needed} -Wl,--pop-state)
endif()
