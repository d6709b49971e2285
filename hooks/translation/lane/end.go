package lane

import (
	"time"

	"verso/hooks/translation/engine"
)

// Answered ends a request with an answer, whatever it is worth: also one that is
// blocked, cut off or malformed, or that refuses the key, the model, or the day's
// quota. billed is the input tokens of the bill, 0 where nobody knows.
func (l *Lane) Answered(now time.Time, t Ticket, billed int) {
	at := l.end(now, t)
	l.answers++
	l.outage.answered()
	if t.sent > l.refusedAt {
		l.refusals = 0
	}
	if billed > 0 {
		l.estimate.learn(t.tokens, billed, t.scale)
		l.window.correct(t.slot, billed-t.tokens)
		l.gauges[inputTokens].correct(at, billed-t.tokens)
	}
	for m := range l.gauges {
		l.gauges[m].took(l.taken(measure(m)) - l.flying[m])
	}
}

// Limited ends a request with a limit a minute that is used up. Of the error its
// RetryAfter, Measure and Limit count. It is no answer of the model, but it shows
// that the engine is there, and so ends an outage.
func (l *Lane) Limited(now time.Time, t Ticket, e *engine.Error) {
	at := l.end(now, t)
	l.outage.answered()
	refused := cost(t.tokens)
	l.window.refuse(t.slot, refused)
	for m := range l.gauges {
		stated, concerned := e.Limit, true
		switch e.Measure {
		case engine.Requests:
			concerned = measure(m) == requests
		case engine.InputTokens:
			concerned = measure(m) == inputTokens
		default:
			stated = 0 // of which nobody knows what it counts
		}
		if concerned {
			l.gauges[m].teach(at, t.sent, refused[m], l.taken(measure(m)), stated)
		}
	}
	l.pause(at, t, e.RetryAfter)
}

// pause stops everything after a 429. Those of one burst make one pause, as long
// as the longest that was asked for.
func (l *Lane) pause(at time.Duration, t Ticket, asked time.Duration) {
	again := t.sent <= l.refusedAt
	if !again {
		l.refusals++
		l.refusedAt = at
	}
	switch {
	case asked > 0:
		if asked%time.Second == 0 {
			asked += time.Second // cut to whole seconds, probably
		}
		l.quiet = max(l.quiet, at+min(asked, longestAsked))
	case !again:
		l.quiet = max(l.quiet, at+doubled(firstPause, longestPause, l.refusals-1, l.jitter))
	}
}

// Failed ends a request that an engine out of reach or at fault did not answer.
// retryAfter is how long it asked to be left alone, 0 if it did not.
func (l *Lane) Failed(now time.Time, t Ticket, retryAfter time.Duration) {
	at := l.end(now, t)
	l.outage.failed(at, t, retryAfter > 0, l.jitter)
	if retryAfter > 0 {
		l.quiet = max(l.quiet, at+min(retryAfter, longestAsked))
	}
}

// Dropped ends a request that was given up on this side. It says nothing about
// the engine and still counts as sent.
func (l *Lane) Dropped(now time.Time, t Ticket) {
	l.end(now, t)
	l.outage.dropped(t)
}

// end takes a request from those that are out.
func (l *Lane) end(now time.Time, t Ticket) time.Duration {
	at := l.clock.read(now)
	l.window.expire(at)
	l.used = at
	l.flying.sub(cost(t.tokens))
	return at
}

// taken is how much of a measure the window holds that was not refused.
func (l *Lane) taken(m measure) int { return l.window.sent[m] - l.window.refused[m] }
