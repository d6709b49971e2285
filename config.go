package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"
	"golang.org/x/text/language"

	"verso/hooks/clerkauth"
	"verso/hooks/ops"
	"verso/hooks/pgmirror"
	"verso/hooks/riverworkers"
	"verso/hooks/translation"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/gemini"
	"verso/hooks/translation/engine/pseudo"
	"verso/hooks/translation/lane"
	"verso/hooks/web"
)

// Where segments are translated: in the serving process, or by workers.
const (
	executorLocal = "local"
	executorRiver = "river"
)

// config is the environment, read and checked. Each field names its variable,
// its default, and what a value must be; the README's table is the manual.
type config struct {
	Port string `env:"PORT" accepts:"a port number from 1 to 65535"`

	ClerkSecretKey       string   `env:"CLERK_SECRET_KEY"`
	ClerkPublishableKey  string   `env:"CLERK_PUBLISHABLE_KEY"`
	ClerkNextPublishable string   `env:"NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY"`
	ClerkProxyURL        string   `env:"CLERK_PROXY_URL" accepts:"the address of a proxied Frontend API, such as https://app.example.org/__clerk: https but on this machine, in lower case, with nothing behind its path"`
	ClerkIssuer          string   `env:"CLERK_ISSUER" accepts:"the URL that tokens carry as iss, such as https://clerk.example.org"`
	ClerkJWTKey          string   `env:"CLERK_JWT_KEY"`
	ClerkParties         []string `env:"CLERK_AUTHORIZED_PARTIES" accepts:"origins separated by commas, such as https://app.example.org"`
	ClerkAllowMissingAzp bool     `env:"CLERK_ALLOW_MISSING_AZP" accepts:"true or false"`
	ClerkAPIURL          string   `env:"CLERK_API_URL" envDefault:"https://api.clerk.com" accepts:"a URL without /v1, such as https://api.clerk.com"`

	ClerkWebhookSecrets []string `env:"CLERK_WEBHOOK_SECRET" accepts:"signing secrets separated by commas, each whsec_ and base64, as Clerk's dashboard shows them"`
	ClerkWebhookSigning []string `env:"CLERK_WEBHOOK_SIGNING_SECRET" accepts:"signing secrets separated by commas, each whsec_ and base64, as Clerk's dashboard shows them"`

	PublicURL           string   `env:"VERSO_PUBLIC_URL" accepts:"an origin, such as https://verso.example.org"`
	AllowedOrigins      []string `env:"VERSO_ALLOWED_ORIGINS" accepts:"origins separated by commas, such as https://app.example.org"`
	TrustedProxyHeaders []string `env:"VERSO_TRUSTED_PROXY_HEADERS"`
	SuperuserEmail      string   `env:"VERSO_SUPERUSER_EMAIL"`
	SuperuserPassword   string   `env:"VERSO_SUPERUSER_PASSWORD"`

	PostgresURL     string        `env:"POSTGRES_URL" accepts:"a PostgreSQL address, postgres://… or postgresql://…"`
	MetricsAddr     string        `env:"VERSO_METRICS_ADDR" accepts:"an address with a port, such as 127.0.0.1:9464"`
	Log             string        `env:"VERSO_LOG" accepts:"json or text"`
	MirrorRetention time.Duration `env:"VERSO_MIRROR_RETENTION" envDefault:"72h" accepts:"a duration from 1s to 8760h, such as 72h"`

	GeminiAPIKey  string `env:"GEMINI_API_KEY"`
	GeminiBaseURL string `env:"GOOGLE_GEMINI_BASE_URL" accepts:"a URL without the API's version, such as https://generativelanguage.googleapis.com"`
	GeminiRPM     int    `env:"VERSO_GEMINI_RPM" accepts:"a whole number of requests a minute, from 1 to 1000000"`
	GeminiTPM     int    `env:"VERSO_GEMINI_TPM" accepts:"a whole number of input tokens a minute, from 1000 to 1000000000"`

	UserMonthlyUSD string `env:"VERSO_USER_MONTHLY_USD" envDefault:"5" accepts:"an amount in US dollars, such as 2.50, or unlimited"`

	DefaultModel          string        `env:"VERSO_DEFAULT_MODEL"`
	DefaultTargetLanguage string        `env:"VERSO_DEFAULT_TARGET_LANGUAGE" envDefault:"ko" accepts:"a BCP 47 language tag, such as ko or pt-BR"`
	Engines               []string      `env:"VERSO_ENGINES" accepts:"engines separated by commas; there are gemini and pseudo"`
	Executor              string        `env:"VERSO_EXECUTOR" envDefault:"local" accepts:"local, or river where POSTGRES_URL is set"`
	SecretKey             string        `env:"VERSO_SECRET_KEY" accepts:"32 bytes in base64, such as 'openssl rand -base64 32' prints"`
	Concurrency           int           `env:"VERSO_CONCURRENCY" envDefault:"32" accepts:"a whole number from 1 to 4096"`
	JobConcurrency        int           `env:"VERSO_JOB_CONCURRENCY" envDefault:"8" accepts:"a whole number from 1 to 4096"`
	MaxUploadMB           int           `env:"VERSO_MAX_UPLOAD_MB" envDefault:"50" accepts:"a whole number of megabytes from 1 to 1024"`
	MaxActiveJobs         int           `env:"VERSO_MAX_ACTIVE_JOBS" envDefault:"20" accepts:"a whole number from 1 to 100000"`
	EngineTimeout         time.Duration `env:"VERSO_ENGINE_TIMEOUT" envDefault:"2m" accepts:"a duration from 1s to 1h, such as 90s"`
	JWKSTTL               time.Duration `env:"VERSO_JWKS_TTL" envDefault:"1h" accepts:"a duration from 1m to 24h, such as 1h"`
	OnUserDeleted         string        `env:"VERSO_ON_USER_DELETED" envDefault:"erase" accepts:"erase or orphan"`
	KeepDays              int           `env:"VERSO_KEEP_DAYS" envDefault:"0" accepts:"a whole number of days, up to 36500; 0 keeps everything"`
	ShutdownTimeout       time.Duration `env:"VERSO_SHUTDOWN_TIMEOUT" envDefault:"20s" accepts:"a duration from 1s to 10m, such as 20s"`

	// The next three make the offline engine slow, faulty, or watched.
	PseudoDelay   time.Duration `env:"VERSO_PSEUDO_DELAY" envDefault:"-1ns" accepts:"a duration up to 1m, such as 300ms"`
	PseudoFaults  string        `env:"VERSO_PSEUDO_FAULTS"`
	PseudoJournal string        `env:"VERSO_PSEUDO_JOURNAL"`

	faults    pseudo.Faults
	secretKey []byte
	monthly   engine.USD // what UserMonthlyUSD says
}

// loadDotEnv reads a .env file in the working directory into the environment,
// where there is one. What the environment has already, wins.
//
// Where a service lives the file names its PostgreSQL. A demo that is tried beside it
// must not touch that: its users would be taken for the service's.
func loadDotEnv(command string) error {
	said, err := godotenv.Read()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		// The parser's own message quotes the line, which may hold a secret.
		return errors.New(".env: cannot be read; it takes lines of the form NAME=value")
	}
	if command == "demo" {
		delete(said, "POSTGRES_URL")
		delete(said, "VERSO_EXECUTOR")
	}
	for name, value := range said {
		if _, set := os.LookupEnv(name); set {
			continue
		}
		if err := os.Setenv(name, value); err != nil {
			return fmt.Errorf(".env: the variable %q cannot be set", name)
		}
	}
	return nil
}

// readConfig reads the environment. The error lists every wrong value, one
// line each.
//
// needsClerk says that nobody could sign in without a Clerk application, so
// that its variables are needed.
func readConfig(needsClerk bool) (*config, error) {
	c := &config{}
	wrong := c.parse()
	wrong = append(wrong, c.check()...)
	if needsClerk {
		wrong = append(wrong, c.checkClerk()...)
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return nil, errors.New(strings.Join(slices.Compact(wrong), "\n"))
	}
	return c, nil
}

// parse fills the fields and returns a line for each that cannot be parsed.
func (c *config) parse() (wrong []string) {
	for _, name := range variables() {
		// Set but empty means not set, as in most .env templates.
		if value, ok := os.LookupEnv(name); ok && strings.TrimSpace(value) == "" {
			os.Unsetenv(name)
		}
	}
	var failed env.AggregateError
	if err := env.Parse(c); errors.As(err, &failed) {
		for _, err := range failed.Errors {
			var parse env.ParseError
			if errors.As(err, &parse) {
				wrong = append(wrong, wrongValue(parse.Name))
			} else {
				wrong = append(wrong, err.Error())
			}
		}
	}
	return wrong
}

// check returns a line for each value that parses and yet cannot be.
func (c *config) check() (wrong []string) {
	refuse := func(field string, bad bool) {
		if bad {
			wrong = append(wrong, wrongValue(field))
		}
	}
	outside := func(n, least, most int) bool { return n < least || n > most }
	refuse("Port", c.Port != "" && outside(number(c.Port), 1, 65535))
	refuse("ClerkIssuer", c.ClerkIssuer != "" && !isURL(c.ClerkIssuer))
	refuse("ClerkProxyURL", c.ClerkProxyURL != "" && !web.IsProxyURL(c.ClerkProxyURL))
	refuse("ClerkAPIURL", !isURL(c.ClerkAPIURL) || strings.HasSuffix(strings.TrimRight(c.ClerkAPIURL, "/"), "/v1"))
	refuse("ClerkParties", slices.ContainsFunc(trimmed(c.ClerkParties), isNoOrigin))
	for i := range c.ClerkWebhookSecrets {
		c.ClerkWebhookSecrets[i] = strings.TrimSpace(c.ClerkWebhookSecrets[i])
	}
	for i := range c.ClerkWebhookSigning {
		c.ClerkWebhookSigning[i] = strings.TrimSpace(c.ClerkWebhookSigning[i])
	}
	refuse("ClerkWebhookSecrets", slices.ContainsFunc(c.ClerkWebhookSecrets, isNoWebhookSecret))
	refuse("ClerkWebhookSigning", slices.ContainsFunc(c.ClerkWebhookSigning, isNoWebhookSecret))
	refuse("KeepDays", c.KeepDays < 0 || c.KeepDays > 36500)
	refuse("Executor", c.Executor != executorLocal && (c.Executor != executorRiver || c.PostgresURL == ""))
	refuse("Log", c.Log != "" && c.Log != ops.LogJSON && c.Log != ops.LogText)
	refuse("OnUserDeleted", c.OnUserDeleted != "erase" && c.OnUserDeleted != "orphan")
	refuse("PublicURL", c.PublicURL != "" && isNoOrigin(c.PublicURL))
	refuse("AllowedOrigins", slices.ContainsFunc(trimmed(c.AllowedOrigins), isNoOrigin))
	target, languageErr := language.Parse(c.DefaultTargetLanguage)
	refuse("DefaultTargetLanguage", languageErr != nil)
	if languageErr == nil {
		c.DefaultTargetLanguage = target.String()
	}
	refuse("PostgresURL", c.PostgresURL != "" && !pgmirror.IsAddress(c.PostgresURL))
	refuse("MirrorRetention", c.MirrorRetention < time.Second || c.MirrorRetention > 365*24*time.Hour)
	refuse("MetricsAddr", c.MetricsAddr != "" && !isListenAddress(c.MetricsAddr))
	refuse("GeminiBaseURL", c.GeminiBaseURL != "" && !isURL(c.GeminiBaseURL))
	refuse("GeminiRPM", isSet("VERSO_GEMINI_RPM") && outside(c.GeminiRPM, 1, 1_000_000))
	refuse("GeminiTPM", isSet("VERSO_GEMINI_TPM") && outside(c.GeminiTPM, 1000, 1_000_000_000))
	refuse("Engines", slices.ContainsFunc(trimmed(c.Engines), func(name string) bool { return name != gemini.Name && name != pseudo.Name }))
	refuse("Concurrency", outside(c.Concurrency, 1, 4096))
	refuse("JobConcurrency", outside(c.JobConcurrency, 1, 4096))
	refuse("MaxUploadMB", outside(c.MaxUploadMB, 1, 1024))
	refuse("MaxActiveJobs", outside(c.MaxActiveJobs, 1, 100000))
	refuse("EngineTimeout", c.EngineTimeout < time.Second || c.EngineTimeout > time.Hour)
	refuse("JWKSTTL", c.JWKSTTL < time.Minute || c.JWKSTTL > 24*time.Hour)
	refuse("ShutdownTimeout", c.ShutdownTimeout < time.Second || c.ShutdownTimeout > 10*time.Minute)
	refuse("PseudoDelay", c.PseudoDelay > time.Minute)

	if c.monthly = translation.NoLimit; strings.TrimSpace(c.UserMonthlyUSD) != "unlimited" {
		amount, err := strconv.ParseFloat(strings.TrimSpace(c.UserMonthlyUSD), 64)
		refuse("UserMonthlyUSD", err != nil || !(amount >= 0 && amount <= 1_000_000))
		c.monthly = engine.Dollars(amount)
	}
	if c.SecretKey != "" {
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(c.SecretKey))
		refuse("SecretKey", err != nil || len(key) != 32)
		c.secretKey = key
	}
	switch {
	case c.SuperuserEmail == "" && c.SuperuserPassword != "":
		wrong = append(wrong, "VERSO_SUPERUSER_EMAIL: is missing; set it beside VERSO_SUPERUSER_PASSWORD, or neither")
	case c.SuperuserEmail != "" && c.SuperuserPassword == "":
		wrong = append(wrong, "VERSO_SUPERUSER_PASSWORD: is missing; set it beside VERSO_SUPERUSER_EMAIL, or neither")
	}
	var err error
	if c.faults, err = pseudo.ParseFaults(c.PseudoFaults); err != nil {
		wrong = append(wrong, "VERSO_PSEUDO_FAULTS: "+err.Error())
	}
	if _, err := c.publishableHost(); err != nil {
		wrong = append(wrong, err.Error())
	}
	return wrong
}

// checkClerk returns a line for each variable without which, or as which it is
// set, nobody can sign in.
func (c *config) checkClerk() (missing []string) {
	if c.ClerkSecretKey == "" && c.ClerkJWTKey == "" {
		missing = append(missing, "CLERK_SECRET_KEY: is missing; set it to the secret key from Clerk's dashboard (sk_…), or set CLERK_JWT_KEY")
	}
	if c.publishableKey() == "" && c.ClerkIssuer == "" {
		missing = append(missing, "CLERK_PUBLISHABLE_KEY: is missing; set it to the publishable key from Clerk's dashboard (pk_…), or set CLERK_ISSUER")
	}
	if c.ClerkJWTKey != "" {
		if err := clerkauth.CheckJWTKey(c.ClerkJWTKey); err != nil {
			missing = append(missing, fmt.Sprintf("CLERK_JWT_KEY: %v; it takes the public key in PEM from Clerk's dashboard", err))
		}
	}
	return missing
}

// webhookSecrets returns Svix's signing secrets, under whichever of the two names
// that Clerk uses for them.
func (c *config) webhookSecrets() []string {
	return slices.Concat(c.ClerkWebhookSecrets, c.ClerkWebhookSigning)
}

// isNoWebhookSecret reports whether a value cannot be a signing secret. One that
// is empty behind its prefix would sign anything.
func isNoWebhookSecret(value string) bool {
	encoded, ok := strings.CutPrefix(value, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	return !ok || err != nil || len(key) == 0
}

// publishableKey returns the publishable key, under whichever of its two names.
func (c *config) publishableKey() string {
	if c.ClerkPublishableKey != "" {
		return c.ClerkPublishableKey
	}
	return c.ClerkNextPublishable
}

// publishableHost returns the Frontend API's host, "" where no publishable key is
// set.
func (c *config) publishableHost() (string, error) {
	key := c.publishableKey()
	if key == "" {
		return "", nil
	}
	host, err := web.FrontendAPIHost(key)
	if err != nil {
		name := "CLERK_PUBLISHABLE_KEY"
		if c.ClerkPublishableKey == "" {
			name = "NEXT_PUBLIC_" + name
		}
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return host, nil
}

// frontendAPI returns where ClerkJS and its requests go, "" where no publishable
// key is set: to the host in the key, or through a proxy.
func (c *config) frontendAPI() string {
	host, _ := c.publishableHost() // checked at the start
	switch {
	case host == "":
		return ""
	case c.ClerkProxyURL != "":
		return strings.TrimRight(c.ClerkProxyURL, "/")
	}
	return "https://" + host
}

// issuer returns the exact issuer that tokens must carry. Clerk signs as the
// Frontend API that it was asked through.
func (c *config) issuer() string {
	if c.ClerkIssuer != "" {
		return c.ClerkIssuer
	}
	return c.frontendAPI()
}

// localOrigins are the pages that a developer serves on his own machine.
func localOrigins() []string { return []string{"http://localhost:*", "http://127.0.0.1:*"} }

// authorizedParties returns the origins whose pages may have asked for a
// token; none means that the claim is not checked.
func (c *config) authorizedParties() []string {
	parties := trimmed(c.ClerkParties)
	if len(parties) == 0 && c.PublicURL != "" {
		parties = []string{strings.TrimRight(c.PublicURL, "/")}
	}
	if len(parties) > 0 && strings.HasPrefix(c.publishableKey(), "pk_test_") {
		parties = append(parties, localOrigins()...)
	}
	return parties
}

// allowedOrigins returns the origins that browsers may call from; none means
// any.
func (c *config) allowedOrigins() []string {
	origins := trimmed(c.AllowedOrigins)
	if len(origins) == 0 {
		origins = c.authorizedParties()
	}
	for i, origin := range origins {
		base, anyPort := strings.CutSuffix(origin, ":*")
		// As browsers write it. What is none was refused before, or is "*".
		if normal, err := clerkauth.NormalOrigin(base); err == nil {
			origins[i] = normal
			if anyPort {
				origins[i] += ":*"
			}
		}
	}
	return origins
}

// wrongValue says what a variable accepts. It never repeats the value, which
// may be a secret in the wrong place.
func wrongValue(field string) string {
	f, ok := reflect.TypeFor[config]().FieldByName(field)
	if !ok {
		return field + ": cannot be read"
	}
	return fmt.Sprintf("%s: cannot be used; it takes %s", f.Tag.Get("env"), f.Tag.Get("accepts"))
}

// variables lists the names of all variables.
func variables() []string {
	var names []string
	for field := range reflect.TypeFor[config]().Fields() {
		if name := field.Tag.Get("env"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// isSet reports whether a variable has a value, for those of which zero is none.
func isSet(name string) bool { return os.Getenv(name) != "" }

// engineNames returns the engines on offer, the default first, each once.
func (c *config) engineNames(otherwise string) []string {
	names := trimmed(c.Engines)
	if len(names) == 0 {
		return []string{otherwise}
	}
	var once []string
	for _, name := range names {
		if !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return once
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// isNoOrigin reports whether s is not a scheme, a host and perhaps a port,
// where the port may be "*".
func isNoOrigin(s string) bool {
	u, err := url.Parse(strings.TrimSuffix(strings.TrimRight(s, "/"), ":*"))
	return err != nil || u.Scheme == "" || u.Hostname() == "" || strings.ContainsAny(u.Host, "*?") || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil
}

// trimmed returns the values without spaces, slashes at their ends, and empty
// ones.
func trimmed(values []string) []string {
	var kept []string
	for _, value := range values {
		if value = strings.TrimRight(strings.TrimSpace(value), "/"); value != "" {
			kept = append(kept, value)
		}
	}
	return kept
}

// isListenAddress reports whether an address names a port to listen at.
func isListenAddress(address string) bool {
	_, port, err := net.SplitHostPort(address)
	return err == nil && (port == "0" || number(port) >= 1 && number(port) <= 65535)
}

// mirror is the configuration of the mirror in PostgreSQL.
func (c *config) mirror() pgmirror.Config {
	return pgmirror.Config{URL: c.PostgresURL, Retention: c.MirrorRetention}
}

// limits are what each engine may be asked in a minute.
func limits(config *config) map[string]lane.Limits {
	found := lane.Limits{Requests: config.GeminiRPM, InputTokens: config.GeminiTPM}
	if config.Executor == executorRiver {
		found.Travel = riverworkers.Travel
	}
	return map[string]lane.Limits{gemini.Name: found}
}

// engines makes the engines on offer, the default first.
func engines(config *config, names []string) ([]engine.Engine, error) {
	var offer []engine.Engine
	for _, name := range names {
		made, err := newEngine(config, name)
		if err != nil {
			return nil, err
		}
		offer = append(offer, made)
	}
	return offer, nil
}

func newEngine(config *config, name string) (engine.Engine, error) {
	if name == gemini.Name {
		made, err := gemini.New(gemini.Config{APIKey: config.GeminiAPIKey, BaseURL: config.GeminiBaseURL})
		if err != nil {
			// Its errors say which of the two, and hold neither.
			return nil, fmt.Errorf("GEMINI_API_KEY, GOOGLE_GEMINI_BASE_URL: cannot be used: %w", err)
		}
		return made, nil
	}
	options := pseudo.Config{Delay: config.PseudoDelay, Faults: config.faults}
	if config.PseudoJournal != "" {
		journal, err := os.OpenFile(config.PseudoJournal, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return nil, errors.New("VERSO_PSEUDO_JOURNAL: cannot be opened; it takes the path of a file that may be written")
		}
		options.Journal = journal
	}
	return pseudo.New(options), nil
}
