package lane

import "time"

const (
	// minute is what engines count over.
	minute = 60 * time.Second
	// span is how long a request counts: a minute, and a second for the
	// difference in travel time between two requests. Opening a connection
	// (DNS, TCP, TLS) takes less; a request that takes longer has met a network
	// on which nobody could keep a promise.
	span = minute + time.Second
	// slots is how finely a window knows when something was sent; what was sent
	// within one slot leaves together. 512 make a slot 119 ms: 0.2 % of the
	// window lost at most.
	slots = 512
)

// measure is what is counted, as an index.
type measure int

const (
	requests measure = iota
	inputTokens
	measures
)

// amounts holds one number for each measure.
type amounts [measures]int

func (a *amounts) add(b amounts) {
	for m := range a {
		a[m] += b[m]
	}
}

func (a *amounts) sub(b amounts) {
	for m := range a {
		a[m] -= b[m]
	}
}

// slot is what was sent within one grain of time.
type slot struct {
	first, last time.Duration // sent
	sent        amounts
	refused     amounts // of what was sent, what was refused by a 429
}

// window knows what was sent in the last span. Its slots are a ring, oldest
// first, that grows as needed up to slots+2: slots begin a grain apart, and the
// oldest began less than a span and a grain ago.
type window struct {
	travel        time.Duration // for which something may be on its way beyond the second in span
	ring          []slot
	head, length  int
	gone          uint64 // slots that have left; the id of the oldest slot in the ring
	sent, refused amounts
}

// span is how long something counts here, and grain what a slot holds of it.
func (w *window) span() time.Duration  { return span + w.travel }
func (w *window) grain() time.Duration { return w.span() / slots }

func (w *window) at(i int) *slot { return &w.ring[(w.head+i)%len(w.ring)] }

// find returns a slot by its id, or nil if it has left.
func (w *window) find(id uint64) *slot {
	if id < w.gone {
		return nil
	}
	return w.at(int(id - w.gone))
}

// expire lets go of what was sent a span ago.
func (w *window) expire(now time.Duration) {
	for w.length > 0 && w.at(0).last+w.span() <= now {
		old := w.at(0)
		w.sent.sub(old.sent)
		w.refused.sub(old.refused)
		w.head = (w.head + 1) % len(w.ring)
		w.length--
		w.gone++
	}
}

// add counts something sent and returns the id of its slot.
func (w *window) add(now time.Duration, sent amounts) uint64 {
	w.sent.add(sent)
	if w.length == 0 || now-w.at(w.length-1).first >= w.grain() {
		if w.length == len(w.ring) {
			w.grow()
		}
		w.length++
		*w.at(w.length - 1) = slot{first: now}
	}
	s := w.at(w.length - 1)
	s.last = now
	s.sent.add(sent)
	return w.gone + uint64(w.length-1)
}

func (w *window) grow() {
	bigger := make([]slot, min(max(8, 2*len(w.ring)), slots+2))
	for i := range w.length {
		bigger[i] = *w.at(i)
	}
	w.ring, w.head = bigger, 0
}

// correct changes the tokens of something sent.
func (w *window) correct(id uint64, by int) {
	if s := w.find(id); s != nil {
		s.sent[inputTokens] += by
		w.sent[inputTokens] += by
	}
}

// refuse marks something sent as refused.
func (w *window) refuse(id uint64, what amounts) {
	if s := w.find(id); s != nil {
		s.refused.add(what)
		w.refused.add(what)
	}
}

// falls returns when no more than so much is left in the window: 0 if that is
// so already. It looks at as many slots as must leave before.
func (w *window) falls(m measure, most int) time.Duration {
	var at time.Duration
	left := w.sent[m]
	for i := 0; left > most && i < w.length; i++ {
		left -= w.at(i).sent[m]
		at = w.at(i).last + w.span()
	}
	return at
}
