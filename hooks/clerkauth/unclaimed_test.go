package clerkauth

import (
	"slices"
	"strconv"
	"testing"
)

// TestUnclaimedStreams holds that whoever opens streams without an end loses his
// own, the oldest first, and nobody else loses any.
func TestUnclaimedStreams(t *testing.T) {
	t.Parallel()
	u := newUnclaimed()
	var ended []string
	enter := func(address string, number int) func() {
		return u.enter(address, func() { ended = append(ended, address+" "+strconv.Itoa(number)) })
	}
	honest := []func(){enter("10.0.0.1", 0), enter("10.0.0.1", 1)}
	var leave func()
	for i := range maxUnclaimed + 10 {
		leave = enter("10.6.6.6", i)
	}
	want := []string{}
	for i := range 12 {
		want = append(want, "10.6.6.6 "+strconv.Itoa(i))
	}
	if !slices.Equal(ended, want) {
		t.Errorf("ended are %v", ended)
	}
	if u.open != maxUnclaimed {
		t.Errorf("%d are open", u.open)
	}

	leave()
	leave()
	honest[0]()
	honest[1]()
	if u.open != maxUnclaimed-3 || len(u.addresses) != 1 {
		t.Errorf("after three have left %d are open, of %d addresses", u.open, len(u.addresses))
	}
	ended = nil
	enter("10.0.0.2", 0)
	if ended != nil {
		t.Errorf("with room left %v ended", ended)
	}
}
