package web

import (
	"net/url"
	"strings"
)

// What a page loads beside its own files when people sign in with Clerk.
const (
	// clerkImages are people's pictures and the marks of other sign-in services.
	clerkImages = "https://img.clerk.com"
	// challenges is the bot protection that Clerk shows at a sign-up.
	challenges = "https://challenges.cloudflare.com"
	// clerkStyles are the digests of the only two style elements that Clerk's
	// components add: an empty one, which they fill through the CSSOM, as no policy
	// forbids, and the blinking of the caret where a code is typed. No other style
	// that stands in a document is let through.
	clerkStyles = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-KQDhUccuEkZUQDnfbVDeY+ev2LZ+73AQR7ro4JppAY8='"
)

// pagePolicy returns the page's Content-Security-Policy: everything from this
// origin, nothing inline, nothing framed. Where a Frontend API of Clerk's is
// named, exactly what ClerkJS needs comes to it.
func pagePolicy(frontendAPI *string) string {
	scripts, styles, images, connections, extra := "", "", "", "", ""
	if frontendAPI != nil {
		origin := originOf(*frontendAPI)
		scripts = " " + origin + " " + challenges // ClerkJS and its parts; the challenge's own script
		styles = " " + clerkStyles
		images = " " + clerkImages
		connections = " " + origin
		extra = "frame-src " + challenges + "; " + // the challenge itself
			"worker-src blob:; " // ClerkJS counts time in a worker, since a hidden page's timers sleep
	}
	return "default-src 'none'; script-src 'self'" + scripts + "; style-src 'self'" + styles +
		"; img-src 'self' data:" + images + "; connect-src 'self'" + connections +
		"; font-src 'self'; manifest-src 'self'; " + extra +
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}

// originOf returns an address's scheme and host, which is what a policy names.
func originOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return "" // FrontendAPI and the configuration let no such address through
	}
	return strings.ToLower(parsed.Scheme + "://" + parsed.Host)
}
