package standin

import (
	"net/http"
)

// misbehave answers as a rule says. A fault that cannot happen to the kind of
// request it struck leaves the answer good.
func (g *Gemini) misbehave(w http.ResponseWriter, r *http.Request, c call, rule Rule) {
	if failed := refusedKey(rule.Fault, c.key); failed != nil {
		g.keys.spoil(c.key, rule.Fault)
		g.send(w, c, failed.reply())
		return
	}
	if answer, ok := statusFault(rule, c); ok {
		g.send(w, c, answer)
		return
	}
	if g.connectionFault(w, r, c, rule) {
		return
	}
	if c.entry.Kind.generates() {
		if response, ok := g.candidateFault(rule, c); ok {
			g.send(w, c, jsonReply(response))
			return
		}
		if text, reason, ok := textFault(rule.Fault, c); ok {
			g.send(w, c, jsonReply(g.respond(c, text, reason)))
			return
		}
	}
	if c.entry.Kind == Translation {
		text := document(spoil(rule, c.payload, c.terms))
		g.send(w, c, jsonReply(g.respond(c, text, "STOP")))
		return
	}
	g.send(w, c, g.answer(c))
}
