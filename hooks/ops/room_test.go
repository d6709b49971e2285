package ops

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"syscall"
	"testing"

	"github.com/pocketbase/pocketbase/tools/router"
)

// coded is an error as SQLite's driver has it.
type coded int

func (c coded) Error() string { return fmt.Sprintf("error %d", c) }
func (c coded) Code() int     { return int(c) }

func TestIsNoRoom(t *testing.T) {
	full := &os.PathError{Op: "write", Path: "/data", Err: syscall.ENOSPC}
	wrapped := router.NewApiError(http.StatusInternalServerError, "It could not be stored.", fmt.Errorf("store: %w", full))
	for _, test := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errors.New("no space left on device"), false},
		{full, true},
		{syscall.EDQUOT, true},
		{wrapped, true},
		{fmt.Errorf("answer: %w", wrapped), true},
		{router.NewApiError(http.StatusBadRequest, "No.", nil), false},
		{router.NewApiError(http.StatusBadRequest, "No.", map[string]error{"file": full}), false},
		{fmt.Errorf("settle: %w", coded(13)), true},
		{fmt.Errorf("settle: %w", coded(13|1<<8)), true},
		{router.NewApiError(http.StatusInternalServerError, "", coded(13)), true},
		{coded(19), false},
	} {
		if got := isNoRoom(test.err); got != test.want {
			t.Errorf("%v: %v, want %v", test.err, got, test.want)
		}
	}
}
