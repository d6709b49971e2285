package page

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// TestTypes holds the page's code to its types, as the comments in it tell them,
// and to those of the libraries that it carries.
func TestTypes(t *testing.T) {
	compiler := filepath.Join(mustHaveChecks(t), "typescript", "bin", "tsc")
	out, err := exec.CommandContext(t.Context(), "node", compiler, "--project", checks).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
