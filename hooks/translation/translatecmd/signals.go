package translatecmd

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// watch listens for the signals that interrupt a run.
type watch struct {
	// interrupted is closed by the first signal.
	interrupted <-chan struct{}
	// soft ends with the first signal, ctx with the second. A third one ends the
	// process as if nobody listened.
	soft, ctx context.Context
	stop      func()
}

// watchSignals listens until stop is called. signals are the process's own where
// they are nil.
func watchSignals(parent context.Context, signals <-chan os.Signal) *watch {
	deafen := func() {}
	if signals == nil {
		own := make(chan os.Signal, 2)
		signal.Notify(own, os.Interrupt, syscall.SIGTERM)
		deafen = func() { signal.Stop(own) }
		signals = own
	}
	ctx, cut := context.WithCancelCause(parent)
	soft, softCut := context.WithCancelCause(ctx)
	interrupted, done := make(chan struct{}), make(chan struct{})
	var listener sync.WaitGroup
	listener.Go(func() {
		first := interrupted
		for {
			select {
			case <-signals:
			case <-done:
				return
			}
			if first == nil {
				deafen()
				cut(errInterrupted)
				return
			}
			close(first)
			first = nil
			softCut(errInterrupted)
		}
	})
	return &watch{interrupted: interrupted, soft: soft, ctx: ctx, stop: func() {
		close(done)
		listener.Wait()
		deafen()
		softCut(nil)
		cut(nil)
	}}
}
