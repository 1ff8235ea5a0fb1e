#include "chromium.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/formatted.h"
#include "support/program.h"

namespace hdrp::test {
namespace {

std::string Base64(ByteView bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= count ? kDigits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

/// Display P3, so that saturated colours stay inside the canvas; Y of its primaries.
constexpr std::string_view kScript = R"(<script>
const linear = v => { const a = Math.abs(v);
  return Math.sign(v) * (a <= 0.04045 ? a / 12.92 : ((a + 0.055) / 1.055) ** 2.4); };
function look(img, spec, headroom) {
  const scale = Math.min(1, spec.max_side / Math.max(img.naturalWidth, img.naturalHeight));
  const w = Math.round(img.naturalWidth * scale), h = Math.round(img.naturalHeight * scale);
  const ctx = new OffscreenCanvas(w, h).getContext('2d',
      {colorSpace: 'display-p3', colorType: 'float16'});
  ctx.globalHDRHeadroom = headroom;
  ctx.drawImage(img, 0, 0, w, h);
  const px = ctx.getImageData(0, 0, w, h,
      {colorSpace: 'display-p3', pixelFormat: 'rgba-float16'}).data;
  const at = i => 0.22897 * linear(px[i]) + 0.69174 * linear(px[i + 1]) + 0.07929 * linear(px[i + 2]);
  let max = 0, sum = 0, over = 0;
  const coded = [];
  for (let i = 0; i < px.length; i += 4) {
    const y = at(i);
    if (y > max) max = y;
    if (y > 1.02) over++;
    sum += y;
    if (headroom === 0 && w * h <= 65536) coded.push(px[i], px[i + 1], px[i + 2]);
  }
  const points = spec.points.map(([u, v]) =>
      at(4 * (Math.floor(v * h) * w + Math.floor(u * w))));
  return {headroom, max, mean: sum / (w * h), over: over / (w * h), points, coded};
}
window.onload = () => {
  const out = document.getElementById('out');
  try {
    const answer = {capable: 'globalHDRHeadroom' in CanvasRenderingContext2D.prototype, shown: {}};
    for (const spec of specs) {
      const img = document.getElementById(spec.id);
      if (!img.naturalWidth) throw new Error(spec.name + ' does not load');
      answer.shown[spec.name] = headrooms.map(h => look(img, spec, h));
    }
    out.textContent = JSON.stringify(answer);
  } catch (error) { out.textContent = JSON.stringify({error: String(error)}); }
};
</script>)";

void WritePage(const std::filesystem::path& path, const std::vector<Picture>& pictures,
               const std::vector<double>& headrooms) {
  nlohmann::json specs = nlohmann::json::array();
  std::string images;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const std::string id = Formatted("p{}", i);
    specs.push_back({{"id", id},
                     {"name", pictures[i].name},
                     {"max_side", pictures[i].max_side},
                     {"points", pictures[i].points}});
    const bool jpeg = pictures[i].file.front() == 0xFF;
    images += Formatted("<img hidden id={} src=\"data:image/{};base64,{}\">\n", id,
                        jpeg ? "jpeg" : "avif", Base64(pictures[i].file));
  }
  const std::string page = Formatted(
      "<!doctype html><meta charset=utf-8><pre id=out>pending</pre>\n"
      "<script>const specs = {}, headrooms = {};</script>\n{}{}",
      specs.dump(), nlohmann::json(headrooms).dump(), images, kScript);
  WriteWhole(path, {page.begin(), page.end()});
}

}  // namespace

ChromiumAnswer AskChromium(const std::vector<Picture>& pictures,
                           const std::vector<double>& headrooms) {
  const ScratchFolder scratch;
  WritePage(scratch / "page.html", pictures, headrooms);
  std::vector<std::string> command = {"chromium",
                                      "--headless",
                                      "--disable-gpu",
                                      "--disable-dev-shm-usage",
                                      "--no-first-run",
                                      "--disable-background-networking",
                                      "--disable-component-update",
                                      "--disable-sync",
                                      "--enable-blink-features=CanvasGlobalHDRHeadroom",
                                      "--user-data-dir=" + (scratch / "profile").string()};
  if (::geteuid() == 0) command.emplace_back("--no-sandbox");  // Chromium's sandbox refuses root
  command.insert(command.end(), {"--dump-dom", "file://" + (scratch / "page.html").string()});
  const ProgramRun run = RunProgram(command, std::chrono::seconds(180));

  ChromiumAnswer answer;
  const std::size_t begin = run.out.find("<pre id=\"out\">");
  const std::size_t end = run.out.find("</pre>", begin);
  if (begin == std::string::npos || end == std::string::npos) {
    answer.error =
        Formatted("no answer from Chromium (status {}): {}", run.status, run.err.substr(0, 500));
    return answer;
  }
  const nlohmann::json json =
      nlohmann::json::parse(run.out.substr(begin + 14, end - begin - 14), nullptr, false);
  if (json.is_discarded() || json.contains("error")) {
    answer.error =
        json.is_discarded() ? "the page did not finish" : json["error"].get<std::string>();
    return answer;
  }
  answer.capable = json["capable"];
  for (const auto& [name, rows] : json["shown"].items()) {
    for (const auto& row : rows) {
      answer.shown[name].push_back(
          {row["headroom"], row["max"], row["mean"], row["over"], row["points"], row["coded"]});
    }
  }
  return answer;
}

}  // namespace hdrp::test
