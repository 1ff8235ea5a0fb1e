#include "align/transform_fit.h"

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
constexpr double kIndependent = 1.0 / 3;  // of the pairs: blocks overlap, features come in clusters

[[nodiscard]] std::vector<double> Distances(const PointPairs& pairs, const cv::Matx33d& transform) {
  std::vector<double> distances(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    distances[i] = cv::norm(Moved(transform, pairs.from[i]) - cv::Point2d(pairs.to[i]));
  }
  return distances;
}

/// Of distances in the plane, per axis: their median is 1.1774 sigma.
[[nodiscard]] double SigmaOf(std::vector<double> distances) {
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::ranges::nth_element(distances, middle);
  return std::max(kLeastSigma, *middle / 1.1774);
}

/// Least squares over the pairs that agree; a homography's equations are weighted by its
/// denominator of the round before, which makes them distances.
[[nodiscard]] std::optional<cv::Matx33d> Solve(const PointPairs& pairs,
                                               const std::vector<bool>& agrees, Model model,
                                               const cv::Matx33d& before) {
  // Centred and scaled, so that the normal equations are well conditioned.
  cv::Point2d centre_from{}, centre_to{};
  double count = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!agrees[i]) continue;
    centre_from += cv::Point2d(pairs.from[i]);
    centre_to += cv::Point2d(pairs.to[i]);
    count += 1;
  }
  if (count < kLeastPairs) return std::nullopt;
  centre_from /= count;
  centre_to /= count;
  double spread = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (agrees[i]) spread += cv::norm(cv::Point2d(pairs.from[i]) - centre_from);
  }
  const double scale = spread / count;
  if (!(scale > 1)) return std::nullopt;

  const int unknowns = static_cast<int>(model);
  cv::Mat ata = cv::Mat::zeros(unknowns, unknowns, CV_64F),
          atb = cv::Mat::zeros(unknowns, 1, CV_64F);
  const auto equation = [&](const std::array<double, 8>& row, double right, double weight) {
    for (int i = 0; i < unknowns; ++i) {
      for (int j = 0; j < unknowns; ++j) {
        ata.at<double>(i, j) +=
            weight * row[static_cast<std::size_t>(i)] * row[static_cast<std::size_t>(j)];
      }
      atb.at<double>(i) += weight * row[static_cast<std::size_t>(i)] * right;
    }
  };
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!agrees[i]) continue;
    const cv::Point2d p = (cv::Point2d(pairs.from[i]) - centre_from) / scale;
    const cv::Point2d q = (cv::Point2d(pairs.to[i]) - centre_to) / scale;
    switch (model) {
      case Model::kSimilarity:
        equation({p.x, -p.y, 1, 0}, q.x, 1);
        equation({p.y, p.x, 0, 1}, q.y, 1);
        break;
      case Model::kAffine:
        equation({p.x, p.y, 1, 0, 0, 0}, q.x, 1);
        equation({0, 0, 0, p.x, p.y, 1}, q.y, 1);
        break;
      case Model::kHomography: {
        const double w = before(2, 0) * static_cast<double>(pairs.from[i].x) +
                         before(2, 1) * static_cast<double>(pairs.from[i].y) + 1;
        const double weight = 1 / std::max(w * w, 1e-3);
        equation({p.x, p.y, 1, 0, 0, 0, -q.x * p.x, -q.x * p.y}, q.x, weight);
        equation({0, 0, 0, p.x, p.y, 1, -q.y * p.x, -q.y * p.y}, q.y, weight);
        break;
      }
    }
  }
  cv::Mat solved;
  if (!cv::solve(ata, atb, solved, cv::DECOMP_CHOLESKY)) return std::nullopt;
  const auto x = [&](int i) { return solved.at<double>(i); };
  cv::Matx33d small = cv::Matx33d::eye();
  switch (model) {
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
  const cv::Matx33d in(1 / scale, 0, -centre_from.x / scale, 0, 1 / scale, -centre_from.y / scale,
                       0, 0, 1);
  const cv::Matx33d out(scale, 0, centre_to.x, 0, scale, centre_to.y, 0, 0, 1);
  const cv::Matx33d transform = out * small * in;
  if (!(std::abs(transform(2, 2)) > 1e-6)) return std::nullopt;
  return transform * (1 / transform(2, 2));
}

[[nodiscard]] TransformFit FitModel(const PointPairs& pairs, const cv::Matx33d& guess, double reach,
                                    Model model) {
  TransformFit fit;
  fit.model = model;
  fit.transform = guess;
  double limit = reach;
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<double> distances = Distances(pairs, fit.transform);
    std::vector<double> near;
    for (const double d : distances) {
      if (d <= limit) near.push_back(d);
    }
    if (near.size() < kLeastPairs) return {};
    fit.sigma = SigmaOf(near);
    limit = std::min(reach, std::max(1.0, kInlierSigmas * fit.sigma));
    fit.agrees.assign(pairs.size(), false);
    for (std::size_t i = 0; i < pairs.size(); ++i) fit.agrees[i] = distances[i] <= limit;
    if (round + 1 == kRounds) break;
    const std::optional<cv::Matx33d> solved = Solve(pairs, fit.agrees, model, fit.transform);
    if (!solved) return {};
    fit.transform = *solved;
  }
  fit.agreeing = static_cast<int>(std::ranges::count(fit.agrees, true));
  return fit;
}

}  // namespace

cv::Point2d Moved(const cv::Matx33d& transform, cv::Point2d p) {
  const cv::Vec3d q = transform * cv::Vec3d(p.x, p.y, 1);
  return {q[0] / q[2], q[1] / q[2]};
}

TransformFit FitTransform(const PointPairs& pairs, const cv::Matx33d& guess, double reach) {
  TransformFit best;
  double least = 0;
  double sigma = 0;
  // The richest model first: what it leaves is the noise of matching, by which all are judged.
  for (const Model model : {Model::kHomography, Model::kAffine, Model::kSimilarity}) {
    TransformFit fit = FitModel(pairs, guess, reach, model);
    if (fit.agreeing == 0) continue;
    if (sigma == 0) sigma = fit.sigma;
    // Torr's criterion (GRIC) for planar transforms, robust: outliers cost a fixed price.
    double cost = 0;
    for (const double d : Distances(pairs, fit.transform)) {
      cost += kIndependent * std::min(d * d / (sigma * sigma), 4.0);
    }
    cost += static_cast<int>(model) * std::log(4.0 * static_cast<double>(pairs.size()));
    if (best.agreeing != 0 && cost >= least) continue;
    least = cost;
    best = std::move(fit);
  }
  return best;
}

}  // namespace hdrp
