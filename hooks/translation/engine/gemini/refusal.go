package gemini

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"google.golang.org/genai"
)

// maxRetryAfter bounds what a server may ask for; no limit of Google's is
// longer than a day, and what is longer is a mistake.
const maxRetryAfter = 24 * time.Hour

// refusal is an error as Google's APIs write it.
type refusal struct {
	// google says that the body has Google's form; without it the other fields
	// are empty.
	google          bool
	message, status string
	details         []map[string]any
	// reason is the machine-readable one, such as API_KEY_INVALID.
	reason string
}

// parseRefusal reads an error's body: {"error": {…}}, which some of Google's
// front ends put into a list. Anything else is somebody else's.
func parseRefusal(body []byte) refusal {
	type envelope struct {
		Error *genai.APIError `json:"error"`
	}
	var one envelope
	if err := json.Unmarshal(body, &one); err != nil {
		var list []envelope
		if err := json.Unmarshal(body, &list); err != nil || len(list) == 0 {
			return refusal{}
		}
		one = list[0]
	}
	if one.Error == nil || (one.Error.Message == "" && one.Error.Status == "") {
		return refusal{}
	}
	parsed := refusal{google: true, message: one.Error.Message, status: one.Error.Status, details: one.Error.Details}
	if info, _ := parsed.detail("ErrorInfo"); text(info["reason"]) != "" {
		parsed.reason = word(text(info["reason"]))
	}
	return parsed
}

// detail returns the first detail of a type of google.rpc, such as RetryInfo.
func (r refusal) detail(name string) (map[string]any, bool) {
	for _, detail := range r.details {
		if strings.HasSuffix(text(detail["@type"]), "google.rpc."+name) {
			return detail, true
		}
	}
	return nil, false
}

// says reports whether the message holds one of the phrases, whatever the case.
func (r refusal) says(phrases ...string) bool {
	message := strings.ToLower(r.message)
	for _, phrase := range phrases {
		if strings.Contains(message, strings.ToLower(phrase)) {
			return true
		}
	}
	return false
}

// describe puts a refusal into an error's words. The message is left out where
// it quotes what was asked.
func (r refusal) describe(sent *exchange, said string) error {
	what := "status " + strconv.Itoa(sent.status)
	if !r.google {
		return errors.New(what + ", not of the API's form")
	}
	for _, more := range []string{r.status, r.reason} {
		if more != "" {
			what += " " + word(more)
		}
	}
	message := oneLine(mask(r.message, sent.key))
	if message == "" || quotes(message, said) {
		return errors.New(what)
	}
	return errors.New(what + ": " + message)
}

// retryAfter is how long the server asks to be left alone: RetryInfo's delay or
// the header, whichever is longer.
func (e *Engine) retryAfter(header http.Header, refusal refusal) time.Duration {
	var wait time.Duration
	if info, ok := refusal.detail("RetryInfo"); ok {
		if delay, err := time.ParseDuration(text(info["retryDelay"])); err == nil {
			wait = delay
		}
	}
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		wait = max(wait, time.Duration(seconds)*time.Second)
	} else if at, err := http.ParseTime(value); err == nil {
		wait = max(wait, at.Sub(e.now()))
	}
	return min(max(wait, 0), maxRetryAfter)
}

// text returns a decoded JSON value if it is a string, and "" otherwise.
func text(value any) string {
	written, _ := value.(string)
	return written
}
