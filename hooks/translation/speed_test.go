package translation

import (
	"testing"
	"time"
)

// TestSpeed holds what is expected of translations by how fast a model answered.
func TestSpeed(t *testing.T) {
	long := speed{}.note(31*time.Second, 15000) // a second, and 2 ms a character
	for _, c := range []struct {
		name                          string
		characters, segments, atATime int
		asksFirst                     bool
		want                          time.Duration
	}{
		{"one like it", 15000, 1, 8, false, 31 * time.Second},
		{"a short one", 500, 1, 8, false, 2 * time.Second},
		{"in two rounds", 9 * 15000, 9, 8, false, 62 * time.Second},
		{"after the questions", 8 * 15000, 8, 8, true, 62 * time.Second},
		{"nothing", 0, 0, 8, false, 0},
	} {
		if got := long.estimate(c.characters, c.segments, c.atATime, c.asksFirst); got != c.want {
			t.Errorf("%s takes %v, want %v", c.name, got, c.want)
		}
	}
	faster := long
	for range 40 {
		faster = faster.note(16*time.Second, 15000)
	}
	if got := faster.estimate(15000, 1, 8, false); got < 15*time.Second || got > 17*time.Second {
		t.Errorf("a model that became faster is expected to take %v", got)
	}
}
