/**
 * Sections of a code path: what a thread holds follows from where it stands.
 *
 * Between taking and giving back a lock, page references or an SRCU read lock, or with interrupts off, a thread stands at some of its
 * labels and at no others. So nothing has to be kept in the state: the section is a list of labels. What one would get wrong: a label
 * names the step that comes next. The section begins at the label after the step that takes, and ends with that of the step that gives back.
 */

/** Whether a thread that stands at `label` is within a section. Labels that the thread does not have are errors of type. */
export const isWithin = <Label extends string>(label: Label, ...section: NoInfer<Label>[]) => section.includes(label)
