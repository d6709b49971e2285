package standin

import (
	"cmp"
	"unicode/utf8"
)

// candidateFault makes the responses that hold no answer.
func (g *Gemini) candidateFault(rule Rule, c call) (generateResponse, bool) {
	response := g.respondNothing(c)
	stopped := func(reason, message string) (generateResponse, bool) {
		response.Candidates = []candidate{{FinishReason: reason, FinishMessage: message}}
		return response, true
	}
	switch rule.Fault {
	case Safety:
		response.Candidates = []candidate{{FinishReason: "SAFETY", SafetyRatings: ratings()}}
		return response, true
	case Recitation:
		return stopped("RECITATION", "")
	case ProhibitedContent:
		return stopped("PROHIBITED_CONTENT", "")
	case Blocklist:
		return stopped("BLOCKLIST", "")
	case SPII:
		return stopped("SPII", "")
	case LanguageReason:
		return stopped("LANGUAGE", "")
	case OtherReason:
		return stopped("OTHER", "")
	case BlockedPrompt:
		response.PromptFeedback = &promptFeedback{BlockReason: cmp.Or(rule.Reason, "PROHIBITED_CONTENT")}
		if response.PromptFeedback.BlockReason == "SAFETY" {
			response.PromptFeedback.SafetyRatings = ratings()
		}
		return response, true
	case EmptyCandidate:
		response.Candidates = []candidate{{Content: &content{Role: "model"}, FinishReason: "STOP"}}
		return response, true
	case NoCandidates:
		return response, true
	}
	return generateResponse{}, false
}

// ratings blame one of the four categories that can be set.
func ratings() []safetyRating {
	return []safetyRating{
		{Category: "HARM_CATEGORY_SEXUALLY_EXPLICIT", Probability: "NEGLIGIBLE"},
		{Category: "HARM_CATEGORY_HATE_SPEECH", Probability: "NEGLIGIBLE"},
		{Category: "HARM_CATEGORY_HARASSMENT", Probability: "LOW"},
		{Category: "HARM_CATEGORY_DANGEROUS_CONTENT", Probability: "HIGH", Blocked: true},
	}
}

// textFault makes a wrong text of the good one, and says how it finished.
func textFault(fault Fault, c call) (text, finishReason string, ok bool) {
	good := c.good()
	switch fault {
	case TruncatedJSON:
		return half(good), "STOP", true
	case MaxTokens:
		return half(good), "MAX_TOKENS", true
	case Reasoning:
		return "Okay, let me translate this step by step. First I look at who is speaking, then at the tone.\n\n" +
			"Here is the JSON:\n\n```json\n" + good + "\n```\n\nI kept the tags as they were.", "STOP", true
	case RefusalInstead:
		return refusal(mix(uint64(c.entry.Number))), "STOP", true
	case EmptyAnswer:
		return "", "STOP", true
	}
	return "", "", false
}

// half cuts a text off in its middle, at a character.
func half(text string) string {
	cut := len(text) / 2
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

// refusal returns one of the sentences by which models decline.
func refusal(number uint64) string {
	sentences := []string{
		"I'm sorry, but I can't help with that.",
		"I cannot fulfill this request.",
		"As an AI language model, I'm not able to translate this content.",
		"I'm unable to assist with this text because it may violate content guidelines.",
		"죄송합니다. 해당 요청은 도와드릴 수 없습니다.",
		"죄송하지만 이 내용은 번역할 수 없습니다.",
	}
	return sentences[number%uint64(len(sentences))]
}
