// What the service reads besides files: the head of a request, a form's fields, and what a worker
// process says, which a hostile picture may have taken over.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "pipeline/fields.h"
#include "service/http/accept.h"
#include "service/http/access.h"
#include "service/http/client_address.h"
#include "service/http/entity_tag.h"
#include "service/job_names.h"
#include "service/routes.h"
#include "service/worker/job_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(hdrp::AsText({data, size}));
  (void)hdrp::WorkerMessageFrom(text);
  (void)hdrp::JobFrom({text, {}});
  const std::size_t half = size / 2;
  const std::string hosts[] = {"hdr.example.org"};
  const std::string networks[] = {"10.0.0.0/8"};
  const std::string origins[] = {"https://hdr.example.org"};
  (void)hdrp::RefuseForeign({.method = "POST",
                             .path = "/process",
                             .host = text.substr(0, half),
                             .origin = text.substr(half)},
                            hosts, origins);
  (void)hdrp::Service::PatternOf(text);
  (void)hdrp::Accept(text).Preferred(
      std::array<std::string_view, 2>{"application/json", "image/jpeg"});
  const auto proxies = hdrp::TrustedProxies::Read(networks);
  if (const auto peer = hdrp::ReadAddress("10.0.0.1"); peer && proxies) {
    (void)hdrp::ForwardedClient(*peer, text, *proxies);
  }
  (void)hdrp::ReadAddress(text);
  (void)hdrp::IsJobName(text);
  (void)hdrp::HasAlready(text, "\"0123-hdr\"");
  hdrp::Options options;
  for (const hdrp::Field& field : hdrp::JobFields()) (void)hdrp::SetField(field, text, options);
  return 0;
}
