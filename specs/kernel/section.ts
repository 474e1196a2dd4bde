/**
 * Sections of a code path: a thread's label determines what it holds.
 *
 * A thread holds a lock, page references or an SRCU read lock, or has interrupts off, at some of its labels and at no
 * others. So the state need not store it: a section is a list of labels. Note that a label names the next step. The
 * section begins at the label after the step that takes, and ends with the label of the step that releases.
 */

/** Whether a thread at `label` is within a section. Labels that the thread does not have are type errors. */
export const isWithin = <Label extends string>(label: Label, ...section: NoInfer<Label>[]) => section.includes(label)
