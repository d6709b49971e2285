package standin

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
)

// maxBody is the largest request read, in bytes. Google refuses more than
// 20 MB of inline data.
const maxBody = 20 << 20

// reply is an answer that is ready to be sent.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// call is a request on its way through the stand-in.
type call struct {
	method, model, key string
	request            generateRequest
	readable           bool
	payload            Payload
	terms              []Term
	entry              *Request
}

// ServeHTTP answers models.get, models.list, generateContent and countTokens.
func (g *Gemini) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !g.enter() {
		panic(http.ErrAbortHandler)
	}
	defer g.running.Done()
	c, ok := g.read(w, r)
	if !ok {
		return
	}
	defer g.end(r.Context(), c)
	if failed := g.refuse(c); failed != nil {
		g.send(w, c, failed.reply())
		return
	}
	rule := g.strike(c)
	if c.entry.Kind.generates() || rule != nil {
		latency := g.config.Latency
		if rule != nil && rule.Fault != SlowDrip {
			latency += rule.Delay
		}
		if !g.wait(r.Context(), latency) {
			panic(http.ErrAbortHandler)
		}
	}
	if rule != nil {
		g.misbehave(w, r, c, *rule)
		return
	}
	g.send(w, c, g.answer(c))
}

// read reads a request and notes it in the journal.
func (g *Gemini) read(w http.ResponseWriter, r *http.Request) (call, bool) {
	c := call{key: r.Header.Get("x-goog-api-key")}
	if c.key == "" {
		c.key = r.URL.Query().Get("key")
	}
	c.model, c.method = route(r)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		failed := invalidArgument("Request payload size exceeds the limit: %d bytes.", maxBody)
		writeReply(w, failed.reply())
		return call{}, false
	}
	c.request, c.readable = decode(c.method, body)
	c.payload, _ = c.request.payload()
	entry := Request{
		Arrived: g.config.Now(), Path: r.URL.Path, Model: c.model, KeyDigest: DigestKey(c.key),
		UserAgent: r.UserAgent(), Body: body, System: c.request.SystemInstruction.text(), Payload: c.payload,
	}
	switch c.method {
	case "generateContent":
		entry.Kind, entry.InputTokens = c.payload.kind(), c.request.inputTokens()
	case "countTokens":
		entry.Kind = Count
	default:
		entry.Kind = Lookup
	}
	c.entry = g.journal.begin(entry)
	c.terms = g.withWhims(termsIn(c.entry.System), c.entry.Number)
	return c, true
}

// route takes a path such as /v1beta/models/gemini-2.5-flash:generateContent
// apart. The method is "get", "list", what stands behind the colon, or "" for
// a path that Google does not have.
func route(r *http.Request) (model, method string) {
	version, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if !slices.Contains([]string{"v1", "v1beta", "v1alpha"}, version) {
		return "", ""
	}
	if rest == "models" && r.Method == http.MethodGet {
		return "", "list"
	}
	name, ok := strings.CutPrefix(rest, "models/")
	if !ok {
		return "", ""
	}
	model, method, found := strings.Cut(name, ":")
	switch {
	case !found && r.Method == http.MethodGet:
		return model, "get"
	case found && r.Method == http.MethodPost && (method == "generateContent" || method == "countTokens"):
		return model, method
	}
	return model, ""
}

// decode reads a body. countTokens may wrap the request in another.
func decode(method string, body []byte) (generateRequest, bool) {
	if method == "countTokens" {
		var wrapped struct {
			generateRequest
			GenerateContentRequest *generateRequest `json:"generateContentRequest"`
		}
		if err := json.Unmarshal(body, &wrapped); err != nil {
			return generateRequest{}, false
		}
		if wrapped.GenerateContentRequest != nil {
			return *wrapped.GenerateContentRequest, true
		}
		return wrapped.generateRequest, true
	}
	var request generateRequest
	err := json.Unmarshal(body, &request)
	return request, err == nil
}

// refuse returns why a request is not answered, in the order in which Google
// looks: path, key, model, body, limits.
func (g *Gemini) refuse(c call) *failure {
	if c.method == "" {
		return &failure{Code: http.StatusNotFound, Message: "Requested entity was not found.", Status: "NOT_FOUND"}
	}
	if failed := g.keys.refuse(c.key); failed != nil {
		return failed
	}
	if c.model != "" && !slices.Contains(g.config.Models, c.model) {
		return unknownModel(c.model)
	}
	if !c.entry.Kind.generates() {
		return nil
	}
	if failed := c.violation(); failed != nil {
		return failed
	}
	return g.limiter.take(c.key, c.model, c.entry.InputTokens, g.config.Now())
}

// strike asks the rules.
func (g *Gemini) strike(c call) *Rule {
	rule := g.rules.strike(question{
		kind: c.entry.Kind, number: c.entry.Number, model: c.model, key: c.key,
		payload: c.payload, terms: c.terms,
	})
	if rule != nil {
		g.journal.change(func() { c.entry.Fault = rule.Fault })
	}
	return rule
}

// answer is the good answer.
func (g *Gemini) answer(c call) reply {
	switch c.method {
	case "get":
		return jsonReply(describe(c.model))
	case "list":
		models := make([]modelInfo, len(g.config.Models))
		for i, model := range g.config.Models {
			models[i] = describe(model)
		}
		return jsonReply(map[string]any{"models": models})
	case "countTokens":
		tokens := c.request.inputTokens()
		return jsonReply(map[string]any{
			"totalTokens":         tokens,
			"promptTokensDetails": []tokenCount{{Modality: "TEXT", TokenCount: tokens}},
		})
	}
	return jsonReply(g.respond(c, c.good(), "STOP"))
}

// send ends a request in the journal and sends its answer, in this order: the
// client's next request must not find this one in flight.
func (g *Gemini) send(w http.ResponseWriter, c call, answer reply) {
	g.answered(c, answer.status)
	writeReply(w, answer)
}

// answered notes that an answer is ready.
func (g *Gemini) answered(c call, status int) {
	g.journal.change(func() { c.entry.Status = status })
	g.noteEnd(c)
}

func (g *Gemini) noteEnd(c call) {
	if ended, first := g.journal.end(c.entry, g.config.Now()); first && g.config.Ended != nil {
		g.config.Ended(ended)
	}
}

// end notes the end of a request that was not answered.
func (g *Gemini) end(ctx context.Context, c call) {
	if ctx.Err() != nil && !g.closed() {
		g.journal.change(func() { c.entry.Gone = c.entry.Ended.IsZero() })
	}
	g.noteEnd(c)
}

func jsonReply(value any) reply {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		panic("standin: an answer is plain JSON: " + err.Error())
	}
	return reply{status: http.StatusOK, body: append(body, '\n')}
}

func writeReply(w http.ResponseWriter, answer reply) {
	header := w.Header()
	for name, values := range answer.header {
		header[name] = values
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json; charset=UTF-8")
	}
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body)
}
