package standin

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// service is how Google's errors name the Generative Language API.
const service = "generativelanguage.googleapis.com"

// failure is an error as the Generative Language API answers it.
type failure struct {
	Code    int              `json:"code"`
	Message string           `json:"message"`
	Status  string           `json:"status"`
	Details []map[string]any `json:"details,omitempty"`
}

func (f failure) reply() reply {
	body, err := json.MarshalIndent(map[string]failure{"error": f}, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("standin: a failure is plain JSON: %v", err))
	}
	return reply{status: f.Code, body: append(body, '\n')}
}

func invalidArgument(format string, arguments ...any) *failure {
	return &failure{Code: http.StatusBadRequest, Message: fmt.Sprintf(format, arguments...), Status: "INVALID_ARGUMENT"}
}

// unknownModel is Google's answer to a model that does not exist.
func unknownModel(model string) *failure {
	return &failure{
		Code: http.StatusNotFound,
		Message: fmt.Sprintf("models/%s is not found for API version v1beta, or is not supported for generateContent. "+
			"Call ModelService.ListModels to see the list of available models and their supported methods.", model),
		Status: "NOT_FOUND",
	}
}

// retiredModel is Google's answer to a model that is no longer on offer.
func retiredModel(model string) *failure {
	return &failure{
		Code: http.StatusNotFound,
		Message: fmt.Sprintf("This model models/%s is no longer available to new users. "+
			"Please update your code to use models/gemini-3.8-flash for the latest features and improvements.", model),
		Status: "NOT_FOUND",
	}
}

// errorInfo is a google.rpc.ErrorInfo.
func errorInfo(reason string, metadata map[string]string) map[string]any {
	metadata["service"] = service
	return map[string]any{
		"@type":    "type.googleapis.com/google.rpc.ErrorInfo",
		"reason":   reason,
		"domain":   "googleapis.com",
		"metadata": metadata,
	}
}

// localized is the google.rpc.LocalizedMessage that goes with an ErrorInfo.
func localized(message string) map[string]any {
	return map[string]any{
		"@type":   "type.googleapis.com/google.rpc.LocalizedMessage",
		"locale":  "en-US",
		"message": message,
	}
}
