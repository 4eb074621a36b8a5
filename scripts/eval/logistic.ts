/** probability = 1 / (1 + exp(-(bias + Σ weight × value))), in the features' own units. */
export interface LogisticModel {
  readonly weights: readonly number[];
  readonly bias: number;
}

/** The model's probability for one row of features. */
export function predict(model: LogisticModel, row: readonly number[]): number {
  const z = model.weights.reduce((sum, weight, i) => sum + weight * (row[i] ?? 0), model.bias);
  return 1 / (1 + Math.exp(-z));
}

const iterations = 40;

/**
 * Logistic regression by Newton's method on standardised features, with an L2 penalty on the weights
 * (not on the bias). A feature that never varies gets weight 0.
 * @param l2 penalty; larger is smoother.
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly boolean[],
  l2: number,
): LogisticModel {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, j) => rows.map((row) => row[j] ?? 0));
  const means = columns.map(meanOf);
  const deviations = columns.map((column, j) => deviationOf(column, means[j] ?? 0));
  const scaled = rows.map((row) => [
    1,
    ...row.map((value, j) =>
      deviations[j] === 0 ? 0 : (value - (means[j] ?? 0)) / (deviations[j] ?? 1),
    ),
  ]);
  let solution = new Array<number>(width + 1).fill(0);
  for (let step = 0; step < iterations; step += 1) {
    const change = newtonStep(scaled, labels, solution, l2);
    solution = solution.map((value, j) => value + (change[j] ?? 0));
    if (Math.max(...change.map(Math.abs)) < 1e-9) break;
  }
  const weights = columns.map((_, j) =>
    deviations[j] === 0 ? 0 : (solution[j + 1] ?? 0) / (deviations[j] ?? 1),
  );
  const shift = weights.reduce((sum, weight, j) => sum + weight * (means[j] ?? 0), 0);
  return { weights, bias: (solution[0] ?? 0) - shift };
}

function newtonStep(
  rows: readonly (readonly number[])[],
  labels: readonly boolean[],
  solution: readonly number[],
  l2: number,
): number[] {
  const size = solution.length;
  const gradient = new Array<number>(size).fill(0);
  const hessian = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  rows.forEach((row, index) => {
    const z = row.reduce((sum, value, j) => sum + value * (solution[j] ?? 0), 0);
    const p = 1 / (1 + Math.exp(-z));
    const curvature = Math.max(1e-9, p * (1 - p));
    const error = Number(labels[index] ?? false) - p;
    for (let a = 0; a < size; a += 1) {
      gradient[a] = (gradient[a] ?? 0) + error * (row[a] ?? 0);
      const line = hessian[a] ?? [];
      for (let b = 0; b < size; b += 1) {
        line[b] = (line[b] ?? 0) + curvature * (row[a] ?? 0) * (row[b] ?? 0);
      }
    }
  });
  for (let a = 0; a < size; a += 1) {
    const line = hessian[a] ?? [];
    // The bias gets the least push that keeps the system solvable when all labels agree.
    const penalty = a === 0 ? 1e-6 : l2;
    line[a] = (line[a] ?? 0) + penalty;
    gradient[a] = (gradient[a] ?? 0) - penalty * (solution[a] ?? 0);
  }
  return solve(hessian, gradient);
}

/** Gaussian elimination with pivoting; a singular column solves to 0. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((line, i) => [...line, right[i] ?? 0]);
  const size = rows.length;
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let i = column + 1; i < size; i += 1) {
      if (Math.abs(at(i, column)) > Math.abs(at(pivot, column))) pivot = i;
    }
    const chosen = rows[pivot] ?? [];
    rows[pivot] = rows[column] ?? [];
    rows[column] = chosen;
    const scale = at(column, column);
    if (Math.abs(scale) < 1e-12) continue;
    for (let i = 0; i < size; i += 1) {
      const factor = i === column ? 0 : at(i, column) / scale;
      if (factor === 0) continue;
      rows[i] = (rows[i] ?? []).map((value, j) => value - factor * (chosen[j] ?? 0));
    }
  }
  return rows.map((_, i) => (Math.abs(at(i, i)) < 1e-12 ? 0 : at(i, size) / at(i, i)));
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: readonly number[], mean: number): number {
  const variance = meanOf(values.map((value) => (value - mean) ** 2));
  return variance < 1e-18 ? 0 : Math.sqrt(variance);
}
