package standin

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// connectionFault answers the faults of the connection.
func (g *Gemini) connectionFault(w http.ResponseWriter, r *http.Request, c call, rule Rule) bool {
	switch rule.Fault {
	case Hang:
		g.hang(r.Context())
	case SlowDrip:
		g.drip(w, r, c, cmp.Or(rule.Delay, time.Second))
	case Reset:
		g.answered(c, 0)
		reset(w)
	case ResetInBody:
		g.answered(c, http.StatusOK)
		writeHalf(w, g.answer(c).body)
		reset(w)
	case HalfBody:
		g.answered(c, http.StatusOK)
		writeHalf(w, g.answer(c).body)
	case HugeAnswer:
		g.answered(c, http.StatusOK)
		g.writeHuge(w, c, cmp.Or(rule.Bytes, 32<<20))
	default:
		return false
	}
	if rule.Fault != HugeAnswer && rule.Fault != SlowDrip {
		// The connection ends here, without the answer that net/http would
		// put an end to.
		panic(http.ErrAbortHandler)
	}
	return true
}

// hang waits until the client goes or the stand-in is closed.
func (g *Gemini) hang(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-g.closing:
	}
}

// drip sends the headers and then a byte at a time.
func (g *Gemini) drip(w http.ResponseWriter, r *http.Request, c call, delay time.Duration) {
	body := g.answer(c).body
	g.journal.change(func() { c.entry.Status = http.StatusOK })
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	flusher := http.NewResponseController(w)
	_ = flusher.Flush()
	for i := range body {
		if !g.wait(r.Context(), delay) {
			panic(http.ErrAbortHandler)
		}
		if i == len(body)-1 {
			g.answered(c, http.StatusOK)
		}
		_, _ = w.Write(body[i : i+1])
		_ = flusher.Flush()
	}
}

// writeHalf announces a body and sends half of it.
func writeHalf(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body[:len(body)/2])
	_ = http.NewResponseController(w).Flush()
}

// reset ends the connection so that the client's kernel is told of a reset: a
// TCP connection that is closed without lingering sends RST instead of FIN.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// writeHuge sends a good document of which the first block has a length in
// bytes, without holding it.
func (g *Gemini) writeHuge(w http.ResponseWriter, c call, size int) {
	const mark = "@@long@@"
	payload := c.payload
	blocks := translateBlocks(payload, nil)
	text := mark
	if len(blocks) > 0 {
		blocks[0].Text = mark
		text = document(blocks)
	}
	before, after, _ := strings.Cut(string(jsonReply(g.respond(c, text, "STOP")).body), mark)
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_, _ = w.Write([]byte(before))
	word := Translate(payload.TargetLanguage, "Again and again the sea came in over the stones. ")
	chunk := []byte(strings.Repeat(word, max(1, (64<<10)/len(word))))
	for size > 0 {
		n, err := w.Write(chunk)
		if err != nil || g.closed() {
			panic(http.ErrAbortHandler)
		}
		size -= n
	}
	_, _ = w.Write([]byte(after))
}
