//go:build go1.27

package records

// PocketBase 0.39 recurses without end while it reads collections when it is
// compiled by Go 1.27 or newer, and the releases that do not need such a Go.
// The next line stops the build with a sentence that says what to do.
const _ = Build_Verso_with_Go_1_26_because_PocketBase_0_39_does_not_work_under_newer_versions
