// optimizer-peers METHOD FILE OFFSET ANGLES TIMES [THREADS]: one fit, or passes of the scalar kernel, as one line of JSON.
// METHOD: pass | ceres | gsl, or ceres-tight | gsl-tight: until nothing moves any more, with the covariance of the library.
// Laminar model, 9 parameters, the same derivatives, start and bounds as ours.
#include <ceres/ceres.h>
#include <gsl/gsl_blas.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_multilarge_nlinear.h>
#include <gsl/gsl_vector.h>
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr int kP = 9;
constexpr double kLower[kP] = {0, 0.5, 100, -2, -1e5, 1e-6, -2, -0.1, -10};
constexpr double kUpper[kP] = {1, 1.5, 1e5, 2, 1e5, 0.5, 2, 0.1, 10};
constexpr double kStart[kP] = {0.2, 1.02, 1000, -0.2, 50, 2e-4, -0.1, 0, 0};

int angles, times;
std::vector<double> y, degrees;
double dt;
const double q = 0.0054, gap = 2e6;

double nowSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double cpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 1e-6 * (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

// Peak of this program alone: ru_maxrss would count what its parent had before exec.
long maxRssKb() {
  FILE* file = std::fopen("/proc/self/status", "r");
  char line[256];
  long peak = 0;
  while (file != nullptr && std::fgets(line, sizeof line, file) != nullptr)
    if (std::sscanf(line, "VmHWM: %ld kB", &peak) == 1) break;
  if (file != nullptr) std::fclose(file);
  return peak;
}

// Cumulative trapezoids of f = max(scale t^exponent + offset, 1e-10) and of its derivatives.
struct Tables {
  std::vector<double> value, byScale, byExponent, byOffset;
  void fill(double scale, double exponent, double offset) {
    for (auto* table : {&value, &byScale, &byExponent, &byOffset}) table->assign(times, 0.0);
    double previous[4] = {0, 0, 0, 0};
    for (int i = 0; i < times; i++) {
      const double t = std::max(i * dt, std::max(dt / 2, 1e-8));
      const double power = std::pow(t, exponent);
      const double rate = scale * power + offset;
      const bool floored = !(rate > 1e-10);
      const double current[4] = {floored ? 1e-10 : rate, floored ? 0 : power, floored ? 0 : scale * power * std::log(t),
                                 floored ? 0 : 1.0};
      if (i > 0) {
        value[i] = value[i - 1] + (current[0] + previous[0]) / 2;
        byScale[i] = byScale[i - 1] + (current[1] + previous[1]) / 2;
        byExponent[i] = byExponent[i - 1] + (current[2] + previous[2]) / 2;
        byOffset[i] = byOffset[i - 1] + (current[3] + previous[3]) / 2;
      }
      std::memcpy(previous, current, sizeof previous);
    }
  }
};

struct Model {
  double p[kP];
  Tables d, g;
  void set(const double* parameters) {
    std::memcpy(p, parameters, sizeof p);
    d.fill(p[2], p[3], p[4]);
    g.fill(p[5], p[6], p[7]);
  }
  // g2 of point (a, i, j); with J, its nine derivatives.
  double evaluate(int a, int i, int j, double* J) const {
    const double k2 = -q * q * dt, kappa = q * gap * dt / (2 * M_PI), radians = M_PI / 180;
    const double dS = d.value[i] - d.value[j], absS = std::sqrt(dS * dS + 1e-12);
    const double dG = g.value[i] - g.value[j], absG = std::sqrt(dG * dG + 1e-12);
    const double e = std::exp(std::max(k2 * absS, -700.0));
    const double phase = (p[8] - degrees[a]) * radians;
    const double cosPhase = std::cos(phase), sinPhase = std::sin(phase);
    const double x = kappa * cosPhase * absG;
    const bool small = std::fabs(x) < 1e-4;
    const double sinc = small ? 1 - x * x / 6 : std::sin(x) / x;
    const double sinc3 = sinc * sinc * sinc, E = e * sinc3 * sinc;
    if (J != nullptr) {
      const double u = p[0] * k2 * E * dS / absS;
      const double slope = small ? -x / 3 : (std::cos(x) - sinc) / x;
      const double w = 4 * p[0] * e * sinc3 * slope, v = w * kappa * cosPhase * dG / absG;
      J[0] = E;
      J[1] = 1;
      J[2] = u * (d.byScale[i] - d.byScale[j]);
      J[3] = u * (d.byExponent[i] - d.byExponent[j]);
      J[4] = u * (d.byOffset[i] - d.byOffset[j]);
      J[5] = v * (g.byScale[i] - g.byScale[j]);
      J[6] = v * (g.byExponent[i] - g.byExponent[j]);
      J[7] = v * (g.byOffset[i] - g.byOffset[j]);
      J[8] = -w * absG * kappa * sinPhase * radians;
    }
    return p[1] + p[0] * E;
  }
};

void printResult(const char* method, double seconds, double cpu, int iterations, double cost, const double* p,
                 const double* covariance = nullptr) {
  std::printf("{\"method\":\"%s\",\"seconds\":%.6f,\"cpuSeconds\":%.6f,\"iterations\":%d,\"cost\":%.12g,\"maxRssKb\":%ld,\"popt\":[",
              method, seconds, cpu, iterations, cost, maxRssKb());
  for (int k = 0; k < kP; k++) std::printf("%s%.15g", k ? "," : "", p[k]);
  if (covariance != nullptr) {
    std::printf("],\"pcov\":[");
    for (int k = 0; k < kP * kP; k++) std::printf("%s%.15g", k ? "," : "", covariance[k]);
  }
  std::printf("]}\n");
}

void runPass() {
  Model model;
  double best = 1e300, H[kP][kP] = {}, g[kP] = {}, cost = 0;
  for (int repetition = 0; repetition < 5; repetition++) {
    std::memset(H, 0, sizeof H);
    std::memset(g, 0, sizeof g);
    cost = 0;
    const double start = nowSeconds();
    model.set(kStart);
    size_t at = 0;
    for (int a = 0; a < angles; a++)
      for (int i = 0; i < times; i++)
        for (int j = 0; j < times; j++) {
          double J[kP];
          const double r = y[at++] - model.evaluate(a, i, j, J);
          for (int row = 0; row < kP; row++) {
            for (int column = 0; column <= row; column++) H[row][column] += J[row] * J[column];
            g[row] += J[row] * r;
          }
          cost += r * r;
        }
    best = std::min(best, nowSeconds() - start);
  }
  printResult("pass", best, best, 1, cost + 0 * (H[0][0] + g[0]), kStart);
}

// Ceres: x in the unit box, blocks of residuals that share the tables.
Model shared;

struct FillTables : ceres::EvaluationCallback {
  const double* x;
  void PrepareForEvaluation(bool, bool isNew) override {
    if (!isNew) return;
    double p[kP];
    for (int k = 0; k < kP; k++) p[k] = kLower[k] + x[k] * (kUpper[k] - kLower[k]);
    shared.set(p);
  }
};

struct Block : ceres::CostFunction {
  const size_t first, count;
  Block(size_t first, size_t count) : first(first), count(count) {
    mutable_parameter_block_sizes()->push_back(kP);
    set_num_residuals(static_cast<int>(count));
  }
  bool Evaluate(double const* const*, double* residuals, double** jacobians) const override {
    const size_t square = static_cast<size_t>(times) * times;
    for (size_t k = 0; k < count; k++) {
      const size_t at = first + k, inside = at % square;
      double* row = jacobians != nullptr && jacobians[0] != nullptr ? jacobians[0] + k * kP : nullptr;
      residuals[k] = y[at] - shared.evaluate(static_cast<int>(at / square), static_cast<int>(inside / times),
                                             static_cast<int>(inside % times), row);
      if (row != nullptr)
        for (int c = 0; c < kP; c++) row[c] *= -(kUpper[c] - kLower[c]);
    }
    return true;
  }
};

void runCeres(int threads, bool tight) {
  double x[kP];
  for (int k = 0; k < kP; k++) x[k] = (kStart[k] - kLower[k]) / (kUpper[k] - kLower[k]);
  FillTables callback;
  callback.x = x;
  const double start = nowSeconds(), cpu = cpuSeconds();
  ceres::Problem::Options problemOptions;
  problemOptions.evaluation_callback = &callback;
  ceres::Problem problem(problemOptions);
  for (size_t first = 0; first < y.size(); first += 16384)
    problem.AddResidualBlock(new Block(first, std::min<size_t>(16384, y.size() - first)), nullptr, x);
  for (int k = 0; k < kP; k++) {
    problem.SetParameterLowerBound(x, k, 0);
    problem.SetParameterUpperBound(x, k, 1);
  }
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_NORMAL_CHOLESKY;
  options.function_tolerance = options.parameter_tolerance = tight ? 1e-15 : 1e-8;
  if (tight) options.gradient_tolerance = 1e-15;
  options.max_num_iterations = 200;
  options.num_threads = threads;
  options.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);
  double p[kP];
  for (int k = 0; k < kP; k++) p[k] = kLower[k] + x[k] * (kUpper[k] - kLower[k]);
  const double seconds = nowSeconds() - start, cpuTime = cpuSeconds() - cpu;
  double covariance[kP * kP];
  if (tight) {
    ceres::Covariance::Options covarianceOptions;
    covarianceOptions.algorithm_type = ceres::DENSE_SVD;
    covarianceOptions.min_reciprocal_condition_number = 1e-30;
    ceres::Covariance library(covarianceOptions);
    library.Compute(std::vector<std::pair<const double*, const double*>>{{x, x}}, &problem);
    library.GetCovarianceBlock(x, x, covariance);
    const double variance = 2 * summary.final_cost / (y.size() - kP);
    for (int row = 0; row < kP; row++)
      for (int column = 0; column < kP; column++)
        covariance[row * kP + column] *= variance * (kUpper[row] - kLower[row]) * (kUpper[column] - kLower[column]);
  }
  printResult("ceres", seconds, cpuTime, static_cast<int>(summary.iterations.size()) - 1, 2 * summary.final_cost, p,
              tight ? covariance : nullptr);
}

int gslResiduals(const gsl_vector* x, void*, gsl_vector* f) {
  Model model;
  model.set(x->data);
  size_t at = 0;
  for (int a = 0; a < angles; a++)
    for (int i = 0; i < times; i++)
      for (int j = 0; j < times; j++, at++) gsl_vector_set(f, at, model.evaluate(a, i, j, nullptr) - y[at]);
  return GSL_SUCCESS;
}

int gslDerivatives(CBLAS_TRANSPOSE_t transpose, const gsl_vector* x, const gsl_vector* u, void*, gsl_vector* v, gsl_matrix* JTJ) {
  Model model;
  model.set(x->data);
  if (v != nullptr) gsl_vector_set_zero(v);
  if (JTJ != nullptr) gsl_matrix_set_zero(JTJ);
  size_t at = 0;
  for (int a = 0; a < angles; a++)
    for (int i = 0; i < times; i++)
      for (int j = 0; j < times; j++, at++) {
        double J[kP];
        model.evaluate(a, i, j, J);
        if (v != nullptr) {
          if (transpose == CblasTrans)
            for (int k = 0; k < kP; k++) v->data[k] += J[k] * gsl_vector_get(u, at);
          else {
            double sum = 0;
            for (int k = 0; k < kP; k++) sum += J[k] * u->data[k];
            gsl_vector_set(v, at, sum);
          }
        }
        if (JTJ != nullptr)
          for (int row = 0; row < kP; row++)
            for (int column = 0; column <= row; column++) JTJ->data[row * JTJ->tda + column] += J[row] * J[column];
      }
  return GSL_SUCCESS;
}

void runGsl(bool tight) {
  const double start = nowSeconds(), cpu = cpuSeconds();
  gsl_multilarge_nlinear_parameters parameters = gsl_multilarge_nlinear_default_parameters();
  parameters.trs = gsl_multilarge_nlinear_trs_lm;
  parameters.solver = gsl_multilarge_nlinear_solver_cholesky;
  gsl_multilarge_nlinear_workspace* workspace =
      gsl_multilarge_nlinear_alloc(gsl_multilarge_nlinear_trust, &parameters, y.size(), kP);
  gsl_multilarge_nlinear_fdf fdf = {};
  fdf.f = gslResiduals;
  fdf.df = gslDerivatives;
  fdf.n = y.size();
  fdf.p = kP;
  gsl_vector_const_view x0 = gsl_vector_const_view_array(kStart, kP);
  gsl_multilarge_nlinear_init(&x0.vector, &fdf, workspace);
  int info = 0;
  const double tolerance = tight ? 1e-14 : 1e-8;
  gsl_multilarge_nlinear_driver(tight ? 400 : 200, tolerance, tolerance, tight ? 0 : 1e-8, nullptr, nullptr, &info, workspace);
  double cost = 0;
  gsl_vector* f = gsl_multilarge_nlinear_residual(workspace);
  gsl_blas_ddot(f, f, &cost);
  const double seconds = nowSeconds() - start, cpuTime = cpuSeconds() - cpu;
  double covariance[kP * kP];
  if (tight) {
    gsl_matrix_view view = gsl_matrix_view_array(covariance, kP, kP);
    gsl_multilarge_nlinear_covar(&view.matrix, workspace);
    for (double& value : covariance) value *= cost / (y.size() - kP);
  }
  printResult("gsl", seconds, cpuTime, static_cast<int>(gsl_multilarge_nlinear_niter(workspace)), cost,
              gsl_multilarge_nlinear_position(workspace)->data, tight ? covariance : nullptr);
  gsl_multilarge_nlinear_free(workspace);
}

}  // namespace

int main(int count, char** words) {
  if (count < 6) return 2;
  const std::string method = words[1];
  angles = std::atoi(words[4]);
  times = std::atoi(words[5]);
  dt = 100.0 / (times - 1);
  for (int a = 0; a < angles; a++) degrees.push_back(angles == 1 ? 0 : -180 + 360.0 * a / angles);
  y.resize(static_cast<size_t>(angles) * times * times);
  FILE* file = std::fopen(words[2], "rb");
  if (file == nullptr || std::fseek(file, std::atol(words[3]), SEEK_SET) != 0 ||
      std::fread(y.data(), sizeof(double), y.size(), file) != y.size())
    return 3;
  std::fclose(file);
  if (method == "pass") runPass();
  else if (method.rfind("ceres", 0) == 0) runCeres(count > 6 ? std::atoi(words[6]) : 1, method == "ceres-tight");
  else runGsl(method == "gsl-tight");
  return 0;
}
