package ops

import (
	"errors"
	"net/http"
	"syscall"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"verso/hooks/refusal"
)

const (
	// tellNoRoomPriority stands just inside panic recovery: around everything that
	// writes.
	tellNoRoomPriority = apis.DefaultPanicRecoverMiddlewarePriority + 1
	// noRoom is told to whoever asks for something that cannot be written.
	noRoom = "The server has no room left to store this. Try again later, or tell whoever runs it."
)

// tellNoRoom answers what failed because the disk is full with that, whichever route
// it was: it is nobody's mistake, and to try again at once is of no use.
func tellNoRoom() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "versoTellNoRoom",
		Priority: tellNoRoomPriority,
		Func: func(e *core.RequestEvent) error {
			err := e.Next()
			if !isNoRoom(err) {
				return err
			}
			return refusal.New(http.StatusInsufficientStorage, refusal.NoRoom, noRoom, err)
		},
	}
}

// isNoRoom reports whether an error comes of a full disk or a quota of it, by what
// the system or SQLite says.
func isNoRoom(err error) bool {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return true
	}
	var answer *router.ApiError
	if errors.As(err, &answer) { // its cause is no error that it wraps
		cause, ok := answer.RawData().(error)
		return ok && isNoRoom(cause)
	}
	const (
		sqliteFull  = 13
		primaryCode = 0xff // of SQLite's extended codes
	)
	var failed interface {
		error
		Code() int
	}
	return errors.As(err, &failed) && failed.Code()&primaryCode == sqliteFull
}
