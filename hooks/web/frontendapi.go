package web

import (
	"encoding/base64"
	"errors"
	"net"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// frontendHost is what may stand in a publishable key: a name with a dot in it,
// and a port. It comes into a header of every page, so nothing else passes.
var frontendHost = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?$`)

var errPublishableKey = errors.New("is not a publishable key; it takes the one from Clerk's dashboard, which begins with pk_test_ or pk_live_")

// FrontendAPIHost returns the host of Clerk's Frontend API, which a publishable
// key holds as "pk_test_" or "pk_live_" and the base64 of "<host>$".
func FrontendAPIHost(publishableKey string) (string, error) {
	encoded, ok := strings.CutPrefix(publishableKey, "pk_test_")
	if !ok {
		if encoded, ok = strings.CutPrefix(publishableKey, "pk_live_"); !ok {
			return "", errPublishableKey
		}
	}
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	host, ok := strings.CutSuffix(string(decoded), "$")
	if err != nil || !ok || !frontendHost.MatchString(host) {
		return "", errPublishableKey
	}
	return host, nil
}

// IsProxyURL reports whether an address can be that of a proxied Frontend API:
// absolute, with nothing behind its path, and written as browsers and Clerk write it,
// because tokens name it as their issuer to the letter. Scripts come from it, so it is
// https but on one's own machine.
func IsProxyURL(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil || !proxyAddress.MatchString(address) || path.Clean("/"+parsed.Path) != "/"+strings.Trim(parsed.Path, "/") {
		return false
	}
	if port := parsed.Port(); port != "" {
		if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
			return false
		}
	}
	ip := net.ParseIP(parsed.Hostname())
	loopback := parsed.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return parsed.Scheme == "https" || loopback
}

// proxyAddress is a scheme, a host in lower case, a port and a plain path.
var proxyAddress = regexp.MustCompile(`^https?://([a-z0-9]+([.-][a-z0-9]+)*|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?(/[A-Za-z0-9._~-]+)*/*$`)
