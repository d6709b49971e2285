// Package pseudo is an engine that translates nothing: it accents Latin
// letters and puts each block in brackets, so that one sees at a glance which
// text went through the service and which did not.
//
// It needs no network and no key, answers the same question with the same
// answer, and keeps inline tags and numbers. For demonstrations it can take
// its time; for tests it can make the mistakes that models make.
package pseudo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"verso/hooks/translation/engine"
)

// Name is how an upload names this engine.
const Name = "pseudo"

// Config says how the engine behaves.
type Config struct {
	// Delay is how long each request takes. Default: no time.
	Delay time.Duration
	// Faults are mistakes to make. Default: none.
	Faults Faults
	// Journal receives one line per request before it is answered: the ids of
	// its first and last block and the number of blocks, no text. Tests read
	// from it what was asked for. Default: nothing is written.
	Journal io.Writer
}

// Engine implements [engine.Engine] offline.
type Engine struct {
	config  Config
	journal sync.Mutex
}

var _ engine.Engine = (*Engine)(nil)

// New returns an engine.
func New(config Config) *Engine { return &Engine{config: config} }

// Info describes the engine.
func (*Engine) Info() engine.Info {
	return engine.Info{Name: Name, Models: []string{"pseudo"}, Free: true, Imitation: true}
}

// Check accepts its own model and those of the engine it stands in for, so
// that a client can be tried unchanged. A key that begins with "invalid" is
// refused, so that a client's handling of a refusal can be tried too.
func (*Engine) Check(_ context.Context, model, apiKey string) error {
	if !strings.HasPrefix(model, "pseudo") && !strings.HasPrefix(model, "gemini-") {
		return &engine.Error{Kind: engine.ModelRefused, Err: errors.New("unknown model")}
	}
	if strings.HasPrefix(apiKey, "invalid") {
		return &engine.Error{Kind: engine.KeyRefused, Err: errors.New("the key begins with \"invalid\"")}
	}
	return nil
}

// Translate accents and brackets each block.
func (e *Engine) Translate(ctx context.Context, request engine.Request) (engine.Response, error) {
	if err := e.note(request.Payload.Blocks); err != nil {
		return engine.Response{}, err
	}
	if err := e.wait(ctx); err != nil {
		return engine.Response{}, err
	}
	if err := e.config.Faults.fail(ctx, request); err != nil {
		return engine.Response{}, err
	}

	blocks := make([]engine.Block, len(request.Payload.Blocks))
	for i, block := range request.Payload.Blocks {
		if err := ctx.Err(); err != nil {
			return engine.Response{}, err
		}
		blocks[i] = engine.Block{ID: block.ID, Text: translate(block.Text, request.Terms)}
	}
	blocks = e.config.Faults.spoil(request, blocks)

	return engine.Response{Blocks: blocks, Usage: engine.Usage{
		InputTokens:  tokens(request.Payload.Blocks) + utf8.RuneCountInString(request.Instructions)/4,
		OutputTokens: tokens(blocks),
	}}, nil
}

func (e *Engine) note(blocks []engine.Block) error {
	if e.config.Journal == nil || len(blocks) == 0 {
		return nil
	}
	e.journal.Lock()
	defer e.journal.Unlock()
	_, err := fmt.Fprintf(e.config.Journal, "%s %s %d\n", blocks[0].ID, blocks[len(blocks)-1].ID, len(blocks))
	if err != nil {
		return &engine.Error{Kind: engine.Unreachable, Err: fmt.Errorf("write journal: %w", err)}
	}
	return nil
}

func (e *Engine) wait(ctx context.Context) error {
	if e.config.Delay <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(e.config.Delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tokens estimates with the usual four characters a token.
func tokens(blocks []engine.Block) int {
	characters := 0
	for _, block := range blocks {
		characters += utf8.RuneCountInString(block.Text)
	}
	return (characters + 3) / 4
}
