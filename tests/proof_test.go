package tests

import (
	"os"
	"testing"
)

// isFull reports whether the proofs take their full dose, which is minutes instead of
// seconds: VERSO_PROOF=full.
func isFull(t testing.TB) bool {
	t.Helper()
	switch dose := os.Getenv("VERSO_PROOF"); dose {
	case "full":
		return true
	case "":
		return false
	default:
		t.Fatalf("VERSO_PROOF is %q; it takes full, or nothing for a small dose", dose)
		return false
	}
}

// dose is the small amount, or the full one.
func dose[T any](t testing.TB, small, full T) T {
	t.Helper()
	if isFull(t) {
		return full
	}
	return small
}
