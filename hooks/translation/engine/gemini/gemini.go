// Package gemini is the engine that asks Google's Gemini models, through
// Google's own SDK.
//
//	eng, err := gemini.New(gemini.Config{APIKey: key, BaseURL: baseURL})
//	if err != nil {
//		return err
//	}
//	defer eng.Close()
//	response, err := eng.Translate(ctx, request)
//
// One call of Translate is one question to one model and, with the exception
// below, one HTTP request. What comes back is either the blocks as the model
// wrote them or an [engine.Error] that says what the failure means; nothing is
// repaired. An answer is the JSON document that was asked for and nothing
// beside it. What stands around it, a finish reason other than STOP, or none,
// makes it no answer.
//
// Waiting and asking again are the caller's: a limit a minute, a quota of the
// day or an overloaded server can take longer than a place at the engine may be
// held, and the caller counts requests against limits, which a request repeated
// in here would escape. The exception are connections that could not be opened:
// such a request reached nobody and counts nowhere, so it is tried twice more
// within a second. A failure on an open connection is returned at once, because
// the server may have read the question.
//
// The caller's context ends every request; there is no time limit of its own.
// A cancelled context's error is returned as it is. A deadline that has passed
// is [engine.Unreachable].
//
// The SDK is kept from everything that is not the wire format. It is given a
// placeholder for the key, which the transport replaces on the way out, so the
// one client serves every key, keeps none in memory, and can print none. Its
// own texts never become part of an error, because some of them quote the
// question or the answer. Its automatic continuation, which would send further
// requests by itself, is off, and redirects are not followed, because they
// would carry the key to another host.
package gemini

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // midnight in California is needed in containers without a time zone database

	"google.golang.org/genai"

	"verso/hooks/translation/engine"
)

// Name is how an upload names this engine.
const Name = "gemini"

// defaultBaseURL is Google's endpoint. It is always handed to the SDK, which
// would otherwise look into the environment for another.
const defaultBaseURL = "https://generativelanguage.googleapis.com/"

// placeholderKey stands in the SDK's configuration where the key would.
const placeholderKey = "set-by-the-transport"

// Config says whom to ask and with whose key.
type Config struct {
	// APIKey is the server's own key, used where a request brings none.
	// Default: none, so that each request needs one.
	APIKey string
	// BaseURL is the endpoint, an http or https address without the API's
	// version, such as a proxy's. Default: Google's.
	BaseURL string
	// Transport carries the requests. Default: one made for many requests at a
	// time to one host, which honours HTTP_PROXY and its relatives.
	Transport http.RoundTripper
	// Now tells the time for quotas and Retry-After. Default: [time.Now].
	Now func() time.Time
}

// Engine implements [engine.Engine] with Gemini. It may be used by many
// goroutines at once.
type Engine struct {
	key      string
	client   *genai.Client
	http     *http.Client
	families []family
	prices   map[string]engine.Price
	now      func() time.Time
	// midnight is the time zone in which Google's days end.
	midnight *time.Location
}

var _ engine.Priced = (*Engine)(nil)

// New returns an engine. It asks nobody; a key is checked by [Engine.Check].
func New(config Config) (*Engine, error) {
	if config.BaseURL == "" {
		config.BaseURL = defaultBaseURL
	}
	if err := checkBaseURL(config.BaseURL); err != nil {
		return nil, fmt.Errorf("gemini: %w", err)
	}
	if config.APIKey != "" && !sendable(config.APIKey) {
		return nil, errors.New("gemini: the API key holds characters that no key has; copy it again")
	}
	if config.Transport == nil {
		config.Transport = newTransport()
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	midnight, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		return nil, fmt.Errorf("gemini: time zone of Google's quotas: %w", err)
	}

	httpClient := &http.Client{
		Transport: &wire{base: config.Transport},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
	client, err := genai.NewClient(context.Background(), &genai.ClientConfig{
		APIKey:      placeholderKey,
		Backend:     genai.BackendGeminiAPI,
		HTTPClient:  httpClient,
		HTTPOptions: genai.HTTPOptions{BaseURL: config.BaseURL, APIVersion: "v1beta"},
	})
	if err != nil {
		return nil, errors.New("gemini: the SDK does not take its configuration")
	}
	return &Engine{
		key: config.APIKey, client: client, http: httpClient,
		families: families(), prices: pricesByModel(), now: config.Now, midnight: midnight,
	}, nil
}

// Close lets go of idle connections. Requests under way are not disturbed.
func (e *Engine) Close() { e.http.CloseIdleConnections() }

// Info describes the engine.
func (e *Engine) Info() engine.Info {
	info := engine.Info{Name: Name, NeedsKey: e.key == "", Fallbacks: map[string]string{}}
	for _, model := range models() {
		if model.offered {
			info.Models = append(info.Models, model.name)
		}
		if model.fallback != "" {
			info.Fallbacks[model.name] = model.fallback
		}
	}
	return info
}

// Check asks Google for the model with the key, which costs nothing.
func (e *Engine) Check(ctx context.Context, model, apiKey string) error {
	name, key, err := e.admit(model, apiKey)
	if err != nil {
		return err
	}
	sent := &exchange{key: key}
	found, err := guarded(func() (*genai.Model, error) {
		return e.client.Models.Get(sent.within(ctx), name, nil)
	})
	if err = e.outcome(ctx, sent, err, ""); err != nil {
		return err
	}
	if found.Name == "" {
		return &engine.Error{Kind: engine.ServerFailed, Err: errors.New("the answer describes no model")}
	}
	if len(found.SupportedActions) > 0 && !slices.Contains(found.SupportedActions, "generateContent") {
		return &engine.Error{Kind: engine.ModelRefused, Err: errors.New("the model does not generate text")}
	}
	return nil
}

// Translate asks the model once and returns its blocks as they are. The
// response holds the usage also where the answer is an error.
func (e *Engine) Translate(ctx context.Context, request engine.Request) (engine.Response, error) {
	name, key, err := e.admit(request.Model, request.APIKey)
	if err != nil {
		return engine.Response{}, err
	}
	contents, config, err := question(familyOf(e.families, name), request)
	if err != nil {
		return engine.Response{}, &engine.Error{Kind: engine.Unsuitable, Err: err}
	}
	sent := &exchange{key: key}
	answer, err := guarded(func() (*genai.GenerateContentResponse, error) {
		return e.client.Models.GenerateContent(sent.within(ctx), name, contents, config)
	})
	if err = e.outcome(ctx, sent, err, contents[0].Parts[0].Text+request.Instructions); err != nil {
		return engine.Response{}, err
	}
	return read(answer, request.Payload)
}

// admit decides with which key to ask for which model, before anything is
// sent. The model's name becomes part of an address, and the key a header, so
// neither may hold what would change the request.
func (e *Engine) admit(model, apiKey string) (name, key string, err error) {
	if key = apiKey; key == "" {
		key = e.key
	}
	if key == "" {
		return "", "", &engine.Error{Kind: engine.KeyRefused, Err: errors.New("no API key")}
	}
	if !sendable(key) {
		return "", "", &engine.Error{Kind: engine.KeyRefused, Err: errors.New("the key holds characters that no key has")}
	}
	name = strings.TrimPrefix(model, "models/")
	if !wellFormed(name) {
		return "", "", &engine.Error{Kind: engine.ModelRefused, Err: errors.New("not the name of a model")}
	}
	return name, key, nil
}

// guarded calls the SDK. It asserts the types of what a server answered and
// panics where JSON of another shape came back, such as a proxy's; that is an
// answer of no use like others, and the transport remembers what arrived.
func guarded[T any](call func() (*T, error)) (result *T, err error) {
	defer func() {
		if recover() != nil {
			result, err = nil, errors.New("the answer has another shape than the API describes")
		}
	}()
	return call()
}

func checkBaseURL(address string) error {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return errors.New("the base URL must be an http or https address, such as " + defaultBaseURL)
	}
	if base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return errors.New("the base URL must not hold a password, a query or a fragment")
	}
	return nil
}

// sendable reports whether a key can be a header's value: visible ASCII, and
// not longer than any key is.
func sendable(key string) bool {
	return len(key) <= 1024 && !strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' })
}
