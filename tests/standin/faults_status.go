package standin

import (
	"cmp"
	"math"
	"net/http"
	"strconv"
	"time"
)

// statusFault answers the faults of the service.
func statusFault(rule Rule, c call) (reply, bool) {
	limited := func(quota int) (reply, bool) {
		wait := cmp.Or(rule.RetryDelay, 26*time.Second)
		return exceeded(rule.Fault, c.model, cmp.Or(rule.Quota, quota), wait).reply(), true
	}
	failed := func(code int, status, message string) (reply, bool) {
		return (failure{Code: code, Status: status, Message: message}).reply(), true
	}
	switch rule.Fault {
	case RateLimitedMinute:
		return limited(10)
	case RateLimitedTokens:
		return limited(250_000)
	case QuotaDay:
		return limited(250)
	case Exhausted:
		return failed(http.StatusTooManyRequests, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")
	case ServerError:
		return failed(http.StatusInternalServerError, "INTERNAL",
			"An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting")
	case Unavailable:
		answer, ok := failed(http.StatusServiceUnavailable, "UNAVAILABLE", "The model is overloaded. Please try again later.")
		if rule.RetryDelay > 0 {
			seconds := int(math.Ceil(rule.RetryDelay.Seconds()))
			answer.header = http.Header{"Retry-After": {strconv.Itoa(seconds)}}
		}
		return answer, ok
	case Timeout504:
		return failed(http.StatusGatewayTimeout, "DEADLINE_EXCEEDED", "The request timed out. Please try again.")
	case ModelGone:
		return retiredModel(c.model).reply(), true
	case TooLong:
		return tooLong(inputTokenLimit + 1).reply(), true
	case BadRequest:
		return failed(http.StatusBadRequest, "INVALID_ARGUMENT", "Request contains an invalid argument.")
	case WrongLocation:
		return failed(http.StatusBadRequest, "FAILED_PRECONDITION", "User location is not supported for the API use.")
	case BadGateway:
		return page(http.StatusBadGateway, "502 Bad Gateway"), true
	case NotJSON:
		return page(http.StatusOK, "Sign in to the network"), true
	}
	return reply{}, false
}

// page is an answer by something that is not Gemini.
func page(status int, title string) reply {
	return reply{
		status: status,
		header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}},
		body:   []byte("<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>\n"),
	}
}
