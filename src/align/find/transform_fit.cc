#include "align/find/transform_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace hdrp {
namespace {

constexpr int kRounds = 8;
constexpr double kLeastSigma = 0.15;  // px; matching is not better than this
constexpr double kInlierSigmas = 3;
constexpr std::size_t kLeastPairs = 6;
constexpr double kMostRadial = 0.06;      // twice what lens corrections do
constexpr double kIndependent = 1.0 / 3;  // of the pairs: blocks overlap, features come in clusters

[[nodiscard]] std::vector<double> Distances(const PointPairs& pairs, const PixelMap& map) {
  std::vector<double> distances(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const cv::Point2d off = Moved(map, pairs.from[i]) - cv::Point2d(pairs.to[i]);
    distances[i] = pairs.along.empty() ? cv::norm(off) : std::abs(off.dot(pairs.along[i]));
  }
  return distances;
}

/// Per axis: the median of distances in the plane is 1.1774 sigma, of those along a line .6745.
[[nodiscard]] double SigmaOf(std::vector<double> distances, bool along_lines) {
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::ranges::nth_element(distances, middle);
  return std::max(kLeastSigma, *middle / (along_lines ? 0.6745 : 1.1774));
}

/// What is to be solved for.
struct Shape {
  Model model;
  bool bent = false;
  [[nodiscard]] int Unknowns() const { return static_cast<int>(model) + (bent ? 1 : 0); }
};
constexpr int kMostUnknowns = 9;

/// Normal equations, added up row by row.
struct NormalEquations {
  explicit NormalEquations(int count)
      : unknowns(count),
        ata(cv::Mat::zeros(count, count, CV_64F)),
        atb(cv::Mat::zeros(count, 1, CV_64F)) {}

  void Add(const std::array<double, kMostUnknowns>& row, double right, double weight) {
    for (int i = 0; i < unknowns; ++i) {
      for (int j = 0; j < unknowns; ++j) {
        ata.at<double>(i, j) +=
            weight * row[static_cast<std::size_t>(i)] * row[static_cast<std::size_t>(j)];
      }
      atb.at<double>(i) += weight * row[static_cast<std::size_t>(i)] * right;
    }
  }

  int unknowns;
  cv::Mat ata, atb;
};

/// Centred and scaled, so that the normal equations are well conditioned.
struct Conditioning {
  cv::Point2d centre_from{}, centre_to{};
  double scale = 0;
};
[[nodiscard]] std::optional<Conditioning> Conditioned(const PointPairs& pairs,
                                                      const std::vector<bool>& agrees) {
  Conditioning result;
  double count = 0, spread = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!agrees[i]) continue;
    result.centre_from += cv::Point2d(pairs.from[i]);
    result.centre_to += cv::Point2d(pairs.to[i]);
    count += 1;
  }
  if (count < kLeastPairs) return std::nullopt;
  result.centre_from /= count;
  result.centre_to /= count;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (agrees[i]) spread += cv::norm(cv::Point2d(pairs.from[i]) - result.centre_from);
  }
  result.scale = spread / count;
  if (!(result.scale > 1)) return std::nullopt;
  return result;
}

/// What a bend of 1 adds to where the map has a point without it.
[[nodiscard]] cv::Point2d BendAt(const PixelMap& map, cv::Point2d from) {
  const cv::Point2d off = Moved(map.projective, from) - map.middle;
  return off * (off.dot(off) / (map.radius * map.radius));
}

struct Round {
  const Shape& shape;
  const Conditioning& conditioning;
  const PixelMap& before;  ///< what the round before found
};
/// Two equations of a pair, or the one along its line. A homography's are weighted by its
/// denominator of the round before, which makes them distances.
void AddPair(NormalEquations& equations, const Round& round, const PointPairs& pairs,
             std::size_t i) {
  const auto& [shape, conditioning, before] = round;
  const auto& [centre_from, centre_to, scale] = conditioning;
  const cv::Point2d from(pairs.from[i]), p = (from - centre_from) / scale,
                                         q = (cv::Point2d(pairs.to[i]) - centre_to) / scale;
  const cv::Matx33d& h = before.projective;
  const auto denominator = [&h](cv::Point2d at) { return h(2, 0) * at.x + h(2, 1) * at.y + 1; };
  const double w =
      shape.model == Model::kHomography ? denominator(from) / denominator(centre_from) : 1;
  const double weight = 1 / std::max(w * w, 1e-3);
  std::array<double, kMostUnknowns> x{}, y{};
  switch (shape.model) {
    case Model::kSimilarity:
      x = {p.x, -p.y, 1, 0};
      y = {p.y, p.x, 0, 1};
      break;
    case Model::kAffine:
      x = {p.x, p.y, 1, 0, 0, 0};
      y = {0, 0, 0, p.x, p.y, 1};
      break;
    case Model::kHomography:
      x = {p.x, p.y, 1, 0, 0, 0, -q.x * p.x, -q.x * p.y};
      y = {0, 0, 0, p.x, p.y, 1, -q.y * p.x, -q.y * p.y};
      break;
  }
  if (shape.bent) {
    const cv::Point2d bend = BendAt(before, from) * (w / scale);
    const auto last = static_cast<std::size_t>(shape.model);
    x[last] = bend.x;
    y[last] = bend.y;
  }
  if (pairs.along.empty()) {
    equations.Add(x, q.x, weight);
    equations.Add(y, q.y, weight);
    return;
  }
  const cv::Point2d line(pairs.along[i]);
  for (std::size_t k = 0; k < x.size(); ++k) x[k] = line.x * x[k] + line.y * y[k];
  equations.Add(x, line.dot(q), weight);
}

/// Least squares over the pairs that agree.
[[nodiscard]] std::optional<PixelMap> Solve(const PointPairs& pairs,
                                            const std::vector<bool>& agrees, const Shape& shape,
                                            const PixelMap& before) {
  const std::optional<Conditioning> conditioning = Conditioned(pairs, agrees);
  if (!conditioning) return std::nullopt;
  NormalEquations equations(shape.Unknowns());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (agrees[i]) AddPair(equations, {shape, *conditioning, before}, pairs, i);
  }
  cv::Mat solved;
  if (!cv::solve(equations.ata, equations.atb, solved, cv::DECOMP_CHOLESKY)) return std::nullopt;
  const auto x = [&](int i) { return solved.at<double>(i); };
  cv::Matx33d small = cv::Matx33d::eye();
  switch (shape.model) {
    case Model::kSimilarity:
      small = {x(0), -x(1), x(2), x(1), x(0), x(3), 0, 0, 1};
      break;
    case Model::kAffine:
      small = {x(0), x(1), x(2), x(3), x(4), x(5), 0, 0, 1};
      break;
    case Model::kHomography:
      small = {x(0), x(1), x(2), x(3), x(4), x(5), x(6), x(7), 1};
      break;
  }
  const auto& [centre_from, centre_to, scale] = *conditioning;
  const cv::Matx33d in(1 / scale, 0, -centre_from.x / scale, 0, 1 / scale, -centre_from.y / scale,
                       0, 0, 1);
  const cv::Matx33d out(scale, 0, centre_to.x, 0, scale, centre_to.y, 0, 0, 1);
  const cv::Matx33d transform = out * small * in;
  if (!(std::abs(transform(2, 2)) > 1e-6)) return std::nullopt;
  PixelMap map = before;
  map.projective = transform * (1 / transform(2, 2));
  map.radial = shape.bent ? x(static_cast<int>(shape.model)) : 0;
  if (!(std::abs(map.radial) <= kMostRadial)) return std::nullopt;
  return map;
}

[[nodiscard]] TransformFit FitModel(const PointPairs& pairs, const PixelMap& guess, double reach,
                                    const Shape& shape) {
  TransformFit fit;
  fit.model = shape.model;
  fit.map = guess;
  double limit = reach;
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<double> distances = Distances(pairs, fit.map);
    std::vector<double> near;
    for (const double d : distances) {
      if (d <= limit) near.push_back(d);
    }
    if (near.size() < kLeastPairs) return {};
    fit.sigma = SigmaOf(near, !pairs.along.empty());
    limit = std::min(reach, std::max(1.0, kInlierSigmas * fit.sigma));
    fit.agrees.assign(pairs.size(), false);
    for (std::size_t i = 0; i < pairs.size(); ++i) fit.agrees[i] = distances[i] <= limit;
    if (round + 1 == kRounds) break;
    const std::optional<PixelMap> solved = Solve(pairs, fit.agrees, shape, fit.map);
    if (!solved) return {};
    fit.map = *solved;
  }
  fit.agreeing = static_cast<int>(std::ranges::count(fit.agrees, true));
  return fit;
}

}  // namespace

cv::Point2d Moved(const cv::Matx33d& transform, cv::Point2d p) {
  const cv::Vec3d q = transform * cv::Vec3d(p.x, p.y, 1);
  return {q[0] / q[2], q[1] / q[2]};
}

cv::Point2d Moved(const PixelMap& map, cv::Point2d p) {
  const cv::Point2d q = Moved(map.projective, p);
  if (map.radial == 0) return q;
  const cv::Point2d off = q - map.middle;
  return q + off * (map.radial * off.dot(off) / (map.radius * map.radius));
}

cv::Point2d MovedBack(const PixelMap& map, cv::Point2d p) {
  cv::Point2d unbent = p;
  for (int round = 0; map.radial != 0 && round < 8; ++round) {
    const cv::Point2d off = unbent - map.middle;
    unbent =
        map.middle + (p - map.middle) / (1 + map.radial * off.dot(off) / (map.radius * map.radius));
  }
  return Moved(map.projective.inv(), unbent);
}

PixelMap Between(const PixelMap& map, const cv::Matx33d& from, const cv::Matx33d& to) {
  PixelMap result = map;
  const cv::Matx33d h = to * map.projective * from;
  result.projective = h * (1 / h(2, 2));
  result.middle = Moved(to, map.middle);
  result.radius = map.radius * to(0, 0);
  return result;
}

TransformFit FitTransform(const PointPairs& pairs, const PixelMap& guess, double reach) {
  TransformFit best;
  double least = 0;
  double sigma = 0;
  // The richest first: what it leaves is the noise of matching, by which all are judged.
  for (const Shape shape : {Shape{Model::kHomography, true}, Shape{Model::kAffine, true},
                            Shape{Model::kSimilarity, true}, Shape{Model::kHomography},
                            Shape{Model::kAffine}, Shape{Model::kSimilarity}}) {
    if (shape.bent && !(guess.radius > 0)) continue;
    TransformFit fit = FitModel(pairs, guess, reach, shape);
    if (fit.agreeing == 0) continue;
    if (sigma == 0) sigma = fit.sigma;
    // Torr's criterion (GRIC) for planar transforms, robust: outliers cost a fixed price.
    double cost = 0;
    for (const double d : Distances(pairs, fit.map)) {
      cost += kIndependent * std::min(d * d / (sigma * sigma), 4.0);
    }
    cost += shape.Unknowns() * std::log(4.0 * static_cast<double>(pairs.size()));
    if (best.agreeing != 0 && cost >= least) continue;
    least = cost;
    best = std::move(fit);
  }
  return best;
}

}  // namespace hdrp
