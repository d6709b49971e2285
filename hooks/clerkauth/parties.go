package clerkauth

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// parties are the rules for the claim azp, the origin of the page for which
// Clerk made a token.
type parties struct {
	origins      map[string]struct{} // exact ones
	anyPort      map[string]struct{} // "http://localhost" of "http://localhost:*"
	allowMissing bool
}

func newParties(entries []string, allowMissing bool) (parties, error) {
	p := parties{
		origins:      map[string]struct{}{},
		anyPort:      map[string]struct{}{},
		allowMissing: allowMissing,
	}
	for _, entry := range entries {
		base, wild := strings.CutSuffix(entry, ":*")
		origin, err := NormalOrigin(base)
		if err != nil {
			return parties{}, fmt.Errorf("%q: %w", entry, err)
		}
		if wild {
			p.anyPort[origin] = struct{}{}
		} else {
			p.origins[origin] = struct{}{}
		}
	}
	return p, nil
}

// NormalOrigin writes an origin as browsers do: in lower case, without a
// slash, and without the scheme's own port. The error says what is none.
func NormalOrigin(entry string) (string, error) {
	u, err := url.Parse(strings.TrimSuffix(strings.ToLower(entry), "/"))
	if err != nil || u.Scheme == "" || u.Hostname() == "" || strings.Contains(entry, "*") {
		return "", errors.New("not an origin such as https://app.example.com or http://localhost:*")
	}
	if u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", errors.New("an origin ends with the host or its port")
	}
	origin := u.Scheme + "://" + u.Host
	switch u.Scheme {
	case "https":
		origin = strings.TrimSuffix(origin, ":443")
	case "http":
		origin = strings.TrimSuffix(origin, ":80")
	}
	return origin, nil
}

// check judges azp. With no party configured it is not looked at.
func (p parties) check(payload object) error {
	if len(p.origins) == 0 && len(p.anyPort) == 0 {
		return nil
	}
	if !payload.has("azp") {
		if p.allowMissing {
			return nil
		}
		return &Refusal{ReasonTokenInvalidAuthorizedParties,
			"The session token names no authorized party (azp). Use a token made in the browser, or set CLERK_ALLOW_MISSING_AZP=true on the server"}
	}
	if azp, ok := payload.text("azp"); !ok || !p.allow(azp) {
		return &Refusal{ReasonTokenInvalidAuthorizedParties,
			"The session token was made for another origin. Open the page under its own address, or add the origin to CLERK_AUTHORIZED_PARTIES"}
	}
	return nil
}

func (p parties) allow(azp string) bool {
	if _, ok := p.origins[azp]; ok {
		return true
	}
	if _, ok := p.anyPort[azp]; ok {
		return true
	}
	colon := strings.LastIndexByte(azp, ':')
	if colon < 0 || !isPort(azp[colon+1:]) {
		return false
	}
	_, ok := p.anyPort[azp[:colon]]
	return ok
}

func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && strconv.FormatUint(port, 10) == text
}
