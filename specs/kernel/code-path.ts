/**
 * Code paths that differ between designs: in their steps, or in the order of the steps.
 *
 * A path is a list of labels. A thread declares the labels of all designs. A label that is not in the path has no step.
 */

/** The next label of the path; undefined after the last one. */
export const labelAfter = <Label extends string>(path: readonly Label[], label: NoInfer<Label>): Label | undefined =>
  path[path.indexOf(label) + 1]

/** The step at a label if the path contains the label; otherwise nothing. */
export const stepOf = <Label extends string, Step>(path: readonly Label[], label: NoInfer<Label>, step: Step) =>
  path.includes(label) ? step : {}
