package gemini

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"google.golang.org/genai"

	"verso/hooks/translation/engine"
)

// read makes a response of an answer that arrived whole. The usage is in it
// whatever the answer is worth, because it is billed all the same.
func read(answer *genai.GenerateContentResponse, asked engine.Payload) (engine.Response, error) {
	response := engine.Response{Usage: usageOf(answer.UsageMetadata)}
	text, err := finishedText(answer)
	if err != nil {
		return response, err
	}
	blocks, err := parseDocument(text)
	if err == nil && spoiled(blocks) > spoiled(asked.Blocks) {
		err = errors.New("the answer holds characters that are none")
	}
	if err != nil {
		return response, &engine.Error{Kind: engine.Malformed, Err: err}
	}
	response.Blocks = blocks
	return response, nil
}

// usageOf counts as Google bills: the prompt includes what came from a cache,
// and thoughts are counted apart from the candidates.
func usageOf(metadata *genai.GenerateContentResponseUsageMetadata) engine.Usage {
	if metadata == nil {
		return engine.Usage{}
	}
	return engine.Usage{
		InputTokens:    int(max(0, metadata.PromptTokenCount)),
		OutputTokens:   int(max(0, metadata.CandidatesTokenCount)),
		ThinkingTokens: int(max(0, metadata.ThoughtsTokenCount)),
	}
}

// finishedText returns the text of the one candidate that ended as it should,
// without the model's thoughts.
func finishedText(answer *genai.GenerateContentResponse) (string, error) {
	if feedback := answer.PromptFeedback; feedback != nil && feedback.BlockReason != "" {
		return "", &engine.Error{
			Kind: engine.Blocked, Detail: promptDetail(feedback.BlockReason),
			Err: fmt.Errorf("question blocked: %s", word(string(feedback.BlockReason))),
		}
	}
	if len(answer.Candidates) != 1 || answer.Candidates[0] == nil {
		return "", &engine.Error{Kind: engine.Malformed, Err: fmt.Errorf("%d candidates instead of one", len(answer.Candidates))}
	}
	candidate := answer.Candidates[0]
	if kind, detail := judge(candidate.FinishReason); kind != 0 {
		return "", &engine.Error{Kind: kind, Detail: detail, Err: fmt.Errorf("finish reason %s", word(string(candidate.FinishReason)))}
	}
	var text strings.Builder
	if candidate.Content != nil {
		for _, part := range candidate.Content.Parts {
			switch {
			case part == nil || part.Thought:
			case !onlyText(part):
				return "", &engine.Error{Kind: engine.Malformed, Err: errors.New("a part of the answer is not text")}
			default:
				text.WriteString(part.Text)
			}
		}
	}
	if text.Len() == 0 {
		return "", &engine.Error{Kind: engine.Malformed, Err: errors.New("the answer is empty")}
	}
	return text.String(), nil
}

// onlyText reports whether a part is text, which may be empty where it only
// carries a signature.
func onlyText(part *genai.Part) bool {
	return part.FunctionCall == nil && part.FunctionResponse == nil && part.InlineData == nil &&
		part.FileData == nil && part.ExecutableCode == nil && part.CodeExecutionResult == nil
}

// judge says what a finish reason means; no kind is an answer that ended as it
// should.
//
// A filter's verdict is about the text: the same words would meet it again. A
// model that stopped for no reason it gives, called a tool nobody offered, or
// drew a picture has had an accident that another attempt may not have. So has
// one that gives no reason, an unknown one, or leaves the answer to be
// continued: whether such an answer is whole cannot be known from what is in
// it.
func judge(reason genai.FinishReason) (engine.ErrorKind, string) {
	switch reason {
	case genai.FinishReasonStop:
		return 0, ""
	case genai.FinishReasonMaxTokens:
		return engine.CutOff, ""
	case genai.FinishReasonSafety:
		return engine.Blocked, "the model's safety filter stopped it"
	case genai.FinishReasonProhibitedContent:
		return engine.Blocked, "Google's rules forbid the model such content"
	case genai.FinishReasonBlocklist:
		return engine.Blocked, "it holds words from Google's list of forbidden terms"
	case genai.FinishReasonSPII:
		return engine.Blocked, "the model's filter took it for sensitive personal data"
	case genai.FinishReasonRecitation:
		return engine.Blocked, "the model stopped because its answer came close to a published text"
	case genai.FinishReasonLanguage:
		return engine.Blocked, "the model does not speak one of the languages"
	case genai.FinishReasonImageSafety, genai.FinishReasonImageProhibitedContent, genai.FinishReasonImageRecitation:
		return engine.Blocked, "the model's filter for pictures stopped it"
	case genai.FinishReasonOther:
		return engine.Malformed, "the model stopped without saying why"
	}
	return engine.Malformed, ""
}

// promptDetail says for a reader why a question was not answered at all.
func promptDetail(reason genai.BlockedReason) string {
	switch reason {
	case genai.BlockedReasonSafety:
		return "the model's safety filter refused to read it"
	case genai.BlockedReasonProhibitedContent:
		return "Google's rules forbid the model to read such content"
	case genai.BlockedReasonBlocklist:
		return "it holds words from Google's list of forbidden terms"
	case genai.BlockedReasonJailbreak:
		return "the model's filter took it for an attempt to trick the model"
	case genai.BlockedReasonImageSafety, genai.BlockedReasonModelArmor:
		return "a filter before the model refused it"
	}
	return "the model refused to read it without saying why"
}

// word returns a server's word for a log if it looks like one of the API's, so
// that nothing else gets into an error this way.
func word(reason string) string {
	if reason == "" {
		return "missing"
	}
	strange := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' }
	if len(reason) > 60 || strings.ContainsFunc(reason, strange) {
		return "unknown"
	}
	return reason
}

// spoiled counts the bytes that are no text. The decoders on the way put U+FFFD
// in their place, and in place of half a surrogate pair; so more of them in an
// answer than in its question are damage.
func spoiled(blocks []engine.Block) (count int) {
	for _, block := range blocks {
		for _, r := range block.ID + block.Text {
			if r == utf8.RuneError {
				count++
			}
		}
	}
	return count
}
