#include <iostream>

#include "base/version.h"

int main() {
  std::cout << "hdr-process " << hdrp::kVersion << '\n';
  return 0;
}
