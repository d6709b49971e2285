// Package lane says what may be asked of one model with one key, and when.
//
// A [Lane] is plain data without I/O, goroutines, timers or locks: the caller
// guards it and says what time it is. Before a request goes out the caller asks
// [Lane.Opens], which says "now" or when to ask again, so that waiting work
// costs a line in the caller's list and no goroutine and no polling:
//
//	tokens := l.Estimate(len(body))
//	at, ok := l.Opens(now, tokens)
//	switch {
//	case !ok:             // ask again when a request has ended
//	case at.After(now):   // ask again then, or when a request has ended
//	default:
//		ticket := l.Begin(now, tokens)
//		// … ask the model, then once:
//		l.Answered(now, ticket, usage.InputTokens)
//	}
//
// An end can open a lane earlier than it said before (a bill is lower than the
// estimate, an outage is over) and never needs the caller to remember anything:
// asking again is always right and cheap.
//
// # Windows
//
// Engines limit requests and input tokens a minute, by project and model, and
// refuse what exceeds either with a 429 (Google: "making 21 requests within a
// minute will result in an error" where the limit is 20,
// https://ai.google.dev/gemini-api/docs/rate-limits). Whether their minute slides
// or begins anew on the clock they do not say; what never exceeds a limit in any
// 60 seconds exceeds it in neither. So a lane keeps what it sent in the last 61
// seconds and lets out what still fits. The second more is for travel: requests
// that leave 60 seconds apart arrive closer together when the later one travels
// faster, by up to the difference of their travel times.
//
// A request counts from when it is sent until it leaves the window, however it
// ends, refusals included: nobody says whether a refused request counts. Its
// tokens are the caller's estimate until the bill corrects it. A request that is
// estimated above the whole limit goes out when the window holds no tokens:
// waiting longer would not make it any smaller.
//
// Sends less than 120 ms apart share a slot of the window and leave it together
// with the last of them. That bounds the memory at 514 slots (some 25 KB)
// whatever the limit, and errs on the side of waiting.
//
// # Learning
//
// Where nothing is configured, and where an engine refuses although the
// configured limits are kept (its limits are the project's, and others may use
// it), the limit is learned for each measure by additive increase and
// multiplicative decrease:
//
//   - A lane begins with no learned limit.
//   - A 429 that states a limit below the one in force sets it. It is kept as it
//     is; the 61st second of the window is the margin.
//   - Any other 429 teaches what the engine took in the last minute, which is the
//     knee: nine tenths of that is the limit from then on, but at least half of
//     the limit before, so that one bad minute does not undo what is known.
//     Nine tenths and not a half because the count of what was taken is a
//     measurement and not a guess.
//   - 429s to requests that were sent before the lesson are the same lesson. They
//     only correct the count of what was taken.
//   - Each minute in which the learned limit held something back and no 429 came
//     it grows by a twentieth of the knee (at least 1 request, 1000 tokens) up to
//     the knee, and stays there for a while: a minute at first, twice as long each
//     time a 429 confirms the knee to a quarter or to one request, an hour at
//     most. Then it goes on growing, each step twice the one before, because an
//     engine that raised its limit may have raised it a hundredfold. A limit that
//     was stated is not exceeded for an hour. Tried once an hour, a limit of 5 a
//     minute costs one 429 in 300 requests.
//   - Reaching the configured limit, a learned one is forgotten.
//
// A 429 that does not say what it counts teaches both measures. That may leave
// the lane slower than it need be; teaching the wrong one would leave it refused
// again and again.
//
// Under a learned limit requests are also paced: evenly over the minute, with one
// second's worth at once. So a lane that rested does not send a minute's worth in
// a burst, and an overstepped limit shows by few 429s instead of many. Configured
// limits are not paced: whoever configured them knows what the engine takes.
//
// # Pauses
//
// After a 429 nothing goes out before the time that the engine asked for, an hour
// at most. Google cuts its delay to whole seconds ("retry in 36.43s" comes as
// "36s"), so a whole number of seconds counts as one more. Where it asks for
// none, the pause is 1 s, doubling to 60 s while 429s follow one another.
//
// From the third failure in a row on, an outage is assumed: nothing goes out for
// 250 ms, then one request alone as a probe, and as long as probes fail the pause
// doubles to 30 s. Any answer ends it. Failures of what was sent before the first
// pause are the same event and lengthen nothing. A Retry-After is honoured from
// the first failure on, and no answer shortens it.
//
// Pauses without a word from the engine are up to a quarter longer than said
// here, at random, so that lanes which stopped together do not return together.
//
// # Time
//
// Times should carry Go's monotonic clock, as time.Now's do. If they do not and
// the clock is set back, lanes go on from where they stood, so nothing waits
// longer than it would have; if it is set forward, that time counts as passed,
// which can be told from a long rest by nobody.
package lane
