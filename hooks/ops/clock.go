package ops

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	// clockInterval is how often the clock is looked at, and setBackBy by how much it
	// must have been set back to matter: no limit's window is shorter.
	clockInterval = 5 * time.Second
	setBackBy     = time.Second
)

// watchClock has PocketBase's limits per address begin anew where the clock was set
// back. They count in seconds of the day, so that whoever had used up his share would
// be refused until the clock has come to where it was, for an hour if need be.
func watchClock(app core.App) {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			defer close(done)
			eachSetBack(ctx, func(by time.Duration) {
				app.Logger().Warn("the clock was set back; limits per address begin anew", "by", by.Round(time.Second).String())
				if err := app.ReloadSettings(); err != nil && ctx.Err() == nil {
					app.Logger().Error("limits per address could not begin anew", "error", err)
				}
			})
		}()
		app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
			cancel()
			<-done
			return e.Next()
		})
		return e.Next()
	})
}

// eachSetBack calls whenever the clock was set back, until the context ends.
func eachSetBack(ctx context.Context, call func(by time.Duration)) {
	ticker := time.NewTicker(clockInterval)
	defer ticker.Stop()
	for last := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := time.Now()
		// Go counts what has passed apart from the time of day, which Round leaves.
		if by := now.Sub(last) - now.Round(0).Sub(last.Round(0)); by > setBackBy {
			call(by)
		}
		last = now
	}
}
