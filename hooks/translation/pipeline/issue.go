package pipeline

import (
	"fmt"
	"strings"

	"verso/hooks/translation/engine"
)

// maxIssue bounds an issue's text, in bytes; the ledger's field holds 2,000.
const maxIssue = 1500

// issue puts problems into words for a reader, the blocks of one reason
// together.
func issue(problems []Problem) string {
	var reasons []string
	blocks := map[string][]string{}
	for _, problem := range problems {
		if blocks[problem.Detail] == nil {
			reasons = append(reasons, problem.Detail)
		}
		blocks[problem.Detail] = append(blocks[problem.Detail], problem.Block)
	}
	var b strings.Builder
	for _, reason := range reasons {
		if b.Len() > 0 {
			b.WriteString(" ")
		}
		ids := blocks[reason]
		if len(ids) > 10 {
			fmt.Fprintf(&b, "Not translated, because %s: %s and %d more.", reason, strings.Join(ids[:10], ", "), len(ids)-10)
		} else {
			fmt.Fprintf(&b, "Not translated, because %s: %s.", reason, strings.Join(ids, ", "))
		}
		if b.Len() > maxIssue {
			break
		}
	}
	return b.String()
}

// problemsOf gives each block of a request that failed the reason.
func problemsOf(blocks []Block, failed *engine.Error) []Problem {
	detail := failed.Detail
	if detail == "" {
		detail = detailOf(failed.Kind)
	}
	problems := make([]Problem, len(blocks))
	for i, block := range blocks {
		problems[i] = Problem{Block: block.ID, Check: failed.Kind.String(), Detail: detail}
	}
	return problems
}

// detailOf says for a reader what a failure means.
func detailOf(kind engine.ErrorKind) string {
	switch kind {
	case engine.Blocked:
		return "the engine refused to translate this text"
	case engine.CutOff:
		return "the translation was cut off at the model's limit of length"
	case engine.Unsuitable:
		return "the engine does not take a request with this text"
	case engine.Unreachable, engine.ServerFailed:
		return "the engine broke off each time it was given this text"
	}
	return "the answer could not be read"
}
