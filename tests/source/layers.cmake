# cmake -DSOURCE=.../src -P layers.cmake
#
# Reads every #include line below SOURCE and fails where a folder includes
#   - a folder that the table in cmake/Layers.cmake does not name for it, or
#   - a third-party header outside the folders it is confined to.
cmake_minimum_required(VERSION 3.28)

include("${CMAKE_CURRENT_LIST_DIR}/../../cmake/Layers.cmake")

# Third-party headers (regular expressions), each followed by the folders that may include it.
set(third_party
  "^(jpeglib|jerror|jmorecfg|turbojpeg)\\.h$=decode package"
  "^png\\.h$=decode package"
  "^(tiff|tiffio)\\.h(xx)?$=decode package"
  "^(OpenEXR/.*|Imath/.*|Imf[A-Za-z]*\\.h|Iex[A-Za-z]*\\.h|openexr\\.h|half\\.h|Imath[A-Za-z]*\\.h)$=decode package"
  "^webp/.*=decode"
  "^libheif/.*=heif decode package"
  "^avif/.*=decode package"
  "^jxl/.*=decode"
  "^(lcms2|lcms2_plugin)\\.h$=color"
  "^exiv2/.*=metadata"
  "^pugixml\\.hpp$=metadata"
  "^nettle/.*=metadata pipeline"
  "^hwy/.*=gainmap predict"
  "^ultrahdr_api\\.h$=verify package"
  "^ImageIO/.*=package"
  "^onnxruntime_.*\\.h$=predict"
  "^pthread\\.h$=base cli"
  "^bits/chrono\\.h$=base"
  "^dlfcn\\.h$=module"
  "^CLI/.*=cli"
  "^nlohmann/.*=pipeline evaluate service cli"
  "^opencv2/.*=align"
  "^microhttpd\\.h$=service"
  "^malloc\\.h$=service cli"
  "^(arpa/inet|netdb|netinet/in|spawn|strings)\\.h$=service")
# The C library's and the kernel's headers that a folder may use.
set(system_headers "^(unistd|fcntl|errno|signal|sys/[a-z]+|linux/[a-z]+)\\.h$")

get_filename_component(SOURCE "${SOURCE}" ABSOLUTE)
set(failures "")
set(count 0)
file(GLOB_RECURSE files RELATIVE "${SOURCE}" "${SOURCE}/*.h" "${SOURCE}/*.cc")
foreach(file IN LISTS files)
  string(REGEX REPLACE "/.*" "" folder "${file}")
  if(NOT folder IN_LIST hdrp_folders)
    list(APPEND failures "${file}: src/${folder} is not in cmake/Layers.cmake")
    continue()
  endif()
  file(STRINGS "${SOURCE}/${file}" lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
  foreach(line IN LISTS lines)
    math(EXPR count "${count} + 1")
    string(REGEX REPLACE "^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"]*)[>\"].*" "\\1" header "${line}")
    if(line MATCHES "\"")
      string(REGEX REPLACE "/.*" "" target "${header}")
      if(target IN_LIST hdrp_folders)
        if(NOT target STREQUAL folder AND NOT target IN_LIST hdrp_may_${folder})
          list(JOIN hdrp_may_${folder} " " allowed)
          list(APPEND failures
            "${file}: includes \"${header}\", src/${folder} may include: ${allowed}")
        endif()
        continue()
      endif()
    endif()
    # Standard C++ headers have no dot.
    if(header MATCHES "^[a-z_0-9]+$" OR header MATCHES "${system_headers}")
      continue()
    endif()
    set(known FALSE)
    foreach(rule IN LISTS third_party)
      string(REGEX MATCH "^(.*)=([a-z ]+)$" matched "${rule}")
      set(pattern "${CMAKE_MATCH_1}")
      set(words "${CMAKE_MATCH_2}")
      string(REPLACE " " ";" allowed "${words}")
      if(header MATCHES "${pattern}")
        set(known TRUE)
        if(NOT folder IN_LIST allowed)
          list(APPEND failures "${file}: includes <${header}>, which is confined to: ${words}")
        endif()
      endif()
    endforeach()
    if(NOT known)
      list(APPEND failures
        "${file}: includes ${header}, which is neither in src/ nor in the table of third-party headers (tests/source)")
    endif()
  endforeach()
endforeach()

if(count EQUAL 0)
  message(FATAL_ERROR "layers: no #include found below ${SOURCE}")
endif()
if(failures)
  foreach(failure IN LISTS failures)
    message("${failure}")
  endforeach()
  message(FATAL_ERROR "layers: the includes above break the table")
endif()
message(STATUS "layers: ${count} includes keep to the table")
