// Verso translates documents with language models for people who sign in with
// Clerk, in one binary with PocketBase inside.
//
// This file only puts the plugins together, in the order in which a request
// meets them. What each one does stands in its own package under hooks.
package main

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/cmd"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/plugins/migratecmd"
	"github.com/spf13/cobra"

	"verso/hooks/clerkauth"
	"verso/hooks/clerksync"
	"verso/hooks/demo"
	"verso/hooks/notices"
	"verso/hooks/ops"
	"verso/hooks/pgmirror"
	"verso/hooks/translation"
	"verso/hooks/translation/document"
	"verso/hooks/translation/document/docx"
	"verso/hooks/translation/document/epub"
	"verso/hooks/translation/document/html"
	"verso/hooks/translation/document/md"
	"verso/hooks/translation/document/srt"
	"verso/hooks/translation/document/txt"
	"verso/hooks/translation/document/vtt"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/gemini"
	"verso/hooks/translation/engine/pseudo"
	"verso/hooks/translation/lane"
	"verso/hooks/translation/translatecmd"
	"verso/hooks/web"
	_ "verso/migrations"
)

//go:embed all:pb_public
var public embed.FS

// maxUploadUnit is what VERSO_MAX_UPLOAD_MB counts in.
const maxUploadUnit = 1 << 20

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitCode(err))
	}
}

// exitCode returns the code that an error asks for, or 1.
func exitCode(err error) int {
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return 1
}

// run composes the app for a command line and executes it.
func run(args []string) error {
	if err := loadDotEnv(); err != nil {
		return err
	}
	command := commandName(args)
	translateCommand := translatecmd.NewCommand(composeTranslate)
	if command == translateCommand.Name() {
		// Without PocketBase, which would make a data directory.
		root := &cobra.Command{Use: "verso", SilenceErrors: true}
		root.AddCommand(translateCommand)
		root.SetArgs(args)
		return root.Execute()
	}
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: dataDir(command), HideStartBanner: command == "demo"})
	serve := cmd.NewServeCommand(app, true)
	demoCommand := demo.NewCommand(app)
	var users *clerksync.Sync // of the command that runs, if it has any
	usersCommand := clerksync.NewCommand(app, func() *clerksync.Sync { return users })
	var mirror *pgmirror.Mirror // of "mirror" alone
	mirrorCommand := pgmirror.NewCommand(app, func() *pgmirror.Mirror { return mirror })
	app.RootCmd.AddCommand(serve, demoCommand, translateCommand, usersCommand, mirrorCommand, cmd.NewSuperuserCommand(app))
	migratecmd.MustRegister(app, app.RootCmd, migratecmd.Config{})

	var err error
	switch asksForHelp := slices.Contains(args, "--help") || slices.Contains(args, "-h"); {
	case asksForHelp:
	case command == serve.Name(), command == usersCommand.Name():
		users, err = composeServe(app, serve, command != serve.Name())
	case command == demoCommand.Name():
		err = composeDemo(app, demoCommand, args)
	case command == mirrorCommand.Name():
		mirror, err = composeMirror(app)
	}
	if err != nil {
		return err
	}
	return execute(app, args)
}

// composeServe registers the plugins with the Clerk application of the
// environment: for serve, and for a command beside it that does some of its work.
func composeServe(app *pocketbase.PocketBase, serve *cobra.Command, beside bool) (*clerksync.Sync, error) {
	config, err := readConfig(true)
	if err != nil {
		return nil, err
	}
	var backend clerk.Backend
	if config.ClerkSecretKey != "" {
		backend = clerkBackend(config.ClerkAPIURL, config.ClerkSecretKey)
	}
	parties := config.authorizedParties()
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if len(parties) == 0 {
			warn(e.App, "tokens are accepted from any page of the Clerk application; set CLERK_AUTHORIZED_PARTIES or VERSO_PUBLIC_URL to name yours")
		}
		return e.Next()
	})
	users, err := registerPlugins(app, config, clerkauth.Config{
		Issuer:            config.issuer(),
		JWTKey:            config.ClerkJWTKey,
		Backend:           backend,
		KeySetTTL:         config.JWKSTTL,
		AuthorizedParties: parties,
		AllowMissingAzp:   config.ClerkAllowMissingAzp,
	}, page{mode: "serve", beside: beside, engines: config.engineNames(gemini.Name), publishableKey: config.publishableKey(), origins: flagOr(serve, "origins", config.allowedOrigins())})
	if err != nil {
		return nil, err
	}
	onPort(serve, config.Port)
	return users, nil
}

// composeMirror returns what looks at the mirror beside a serving process; nil where
// none is configured.
func composeMirror(app core.App) (*pgmirror.Mirror, error) {
	config, err := readConfig(false)
	if err != nil || config.PostgresURL == "" {
		return nil, err
	}
	return pgmirror.New(app, config.mirror())
}

// warn says something to who starts the service and to who reads its log.
func warn(app core.App, message string) {
	fmt.Fprintln(os.Stderr, "Warning:", message)
	app.Logger().Warn(message)
}

// composeDemo registers the same plugins with a stand-in for Clerk.
func composeDemo(app *pocketbase.PocketBase, command *cobra.Command, args []string) error {
	origins := demo.Origins(command, args)
	config, err := readConfig(false)
	if err != nil {
		return err
	}
	if config.PseudoDelay < 0 {
		config.PseudoDelay = demo.EngineDelay
	}
	standIn, err := demo.Start()
	if err != nil {
		return err
	}
	_, err = registerPlugins(app, config, clerkauth.Config{
		Issuer:            standIn.Issuer(),
		Backend:           clerkBackend(standIn.APIURL(), standIn.SecretKey()),
		KeySetTTL:         config.JWKSTTL,
		AuthorizedParties: origins,
	}, page{mode: "demo", engines: config.engineNames(pseudo.Name), origins: func() []string { return origins }})
	if err != nil {
		return err
	}
	demo.MustRegister(app, demo.Config{StandIn: standIn, Model: demoModel(config.engineNames(pseudo.Name))})
	onPort(command, config.Port)
	return nil
}

// demoModel says for the banner what translates in the demo.
func demoModel(engines []string) string {
	switch {
	case !slices.Contains(engines, gemini.Name):
		return `not real either: the "pseudo" engine accents letters and translates nothing`
	case slices.Contains(engines, pseudo.Name):
		return `Gemini is real; the "pseudo" engine accents letters and translates nothing`
	}
	return "Gemini is real, and what it is asked for is paid for"
}

// page is what differs between serve and demo for a browser, and between them and
// a command beside them.
type page struct {
	mode           string
	beside         bool
	engines        []string
	publishableKey string
	origins        func() []string
}

// registerPlugins registers what serve and demo have in common, in the order
// in which a request meets it, and returns who keeps the users.
func registerPlugins(app core.App, config *config, auth clerkauth.Config, page page) (*clerksync.Sync, error) {
	sealingKey := config.secretKey
	if sealingKey == nil {
		var err error
		if sealingKey, err = translation.SealingKey(app.DataDir()); err != nil {
			return nil, fmt.Errorf("VERSO_SECRET_KEY: is not set and no key could be kept beside the data directory (%w); set it to 32 bytes in base64", err)
		}
	}
	formats := formats()
	engines, err := engines(config, page.engines)
	if err != nil {
		return nil, err
	}

	web.MustRegister(app, web.Config{
		Public:         publicFS(),
		AllowedOrigins: page.origins,
		Page:           pageConfig(config, page, formats, engines),
	})

	auth.Sessions = clerkauth.NewSessions(app)
	var jobs *translation.Jobs // registered below
	users, err := clerksync.Register(app, clerksync.Config{
		Backend:        auth.Backend,
		WebhookSecrets: config.webhookSecrets(),
		EndSession:     auth.Sessions.End,
		EndUser:        auth.Sessions.EndUser,
		CutUser: func(clerkUserID string) {
			auth.Sessions.CutUser(clerkUserID)
			jobs.Recheck() // they may have been ended by a command beside this process
		},
	})
	if err != nil {
		return nil, err
	}
	auth.Provision = users.Provision
	if err := clerkauth.Register(app, auth); err != nil {
		return nil, err
	}

	noticesKey, err := hkdf.Key(sha256.New, sealingKey, nil, "verso/notices", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of the links in mails: %w", err)
	}
	mails := notices.MustRegister(app, notices.Config{
		Key:         noticesKey,
		RequireUser: clerkauth.RequireUser(),
		PublicURL:   config.PublicURL,
	})

	jobs = translation.MustRegister(app, translation.Config{
		Formats:                     formats,
		Engines:                     engines,
		RequireUser:                 clerkauth.RequireUser(),
		SealingKey:                  sealingKey,
		DefaultModel:                config.DefaultModel,
		DefaultTargetLanguage:       config.DefaultTargetLanguage,
		Concurrency:                 config.Concurrency,
		JobConcurrency:              config.JobConcurrency,
		MaxUploadBytes:              int64(config.MaxUploadMB) * maxUploadUnit,
		MaxActiveJobs:               config.MaxActiveJobs,
		MonthlyLimit:                &config.monthly,
		Limits:                      limits(config),
		KeepDocumentsOfDeletedUsers: config.OnUserDeleted == "orphan",
		Turned:                      mails.Wake,
		Beside:                      page.beside,
		EngineTimeout:               config.EngineTimeout,
		ShutdownTimeout:             config.ShutdownTimeout,
	})

	reports := map[string]func(context.Context) any{}
	if config.PostgresURL != "" && !page.beside {
		mirror, err := pgmirror.Register(app, config.mirror())
		if err != nil {
			return nil, err
		}
		reports["mirror"] = mirror.Ready
	}

	ops.MustRegister(app, ops.Config{
		SuperuserEmail:      config.SuperuserEmail,
		SuperuserPassword:   config.SuperuserPassword,
		TrustedProxyHeaders: trimmed(config.TrustedProxyHeaders),
		Reports:             reports,
	})
	return users, nil
}

// composeTranslate puts together what translates a file without a service: with
// every engine, the default first.
func composeTranslate() (translatecmd.Config, error) {
	config, err := readConfig(false)
	if err != nil {
		return translatecmd.Config{}, err
	}
	names := config.engineNames(gemini.Name)
	for _, name := range []string{gemini.Name, pseudo.Name} {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	engines, err := engines(config, names)
	return translatecmd.Config{
		Formats:       formats(),
		Engines:       engines,
		DefaultModel:  config.DefaultModel,
		Limits:        limits(config),
		EngineTimeout: config.EngineTimeout,
	}, err
}

// formats are the file formats on offer, in the order in which a file is tried on
// them.
func formats() document.Formats {
	return document.Formats{epub.Format{}, docx.Format{}, html.Format{}, md.Format{}, srt.Format{}, vtt.Format{}, txt.Format{}}
}

// limits are what each engine may be asked in a minute.
func limits(config *config) map[string]lane.Limits {
	return map[string]lane.Limits{
		gemini.Name: {Requests: config.GeminiRPM, InputTokens: config.GeminiTPM},
	}
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

// clerkBackend returns a client of Clerk's Backend API.
func clerkBackend(apiURL, secretKey string) clerk.Backend {
	base := strings.TrimRight(apiURL, "/") + "/v1"
	return clerk.NewBackend(&clerk.BackendConfig{URL: &base, Key: &secretKey})
}

func publicFS() fs.FS {
	files, err := fs.Sub(public, "pb_public")
	if err != nil {
		panic(err) // the name is not a valid path: a programmer's error
	}
	return files
}

// pageConfig tells a page what the server offers.
func pageConfig(config *config, page page, formats document.Formats, engines []engine.Engine) web.Page {
	offer := web.Page{
		Name:                  "Verso",
		Mode:                  page.mode,
		Languages:             web.Languages(),
		DefaultTargetLanguage: config.DefaultTargetLanguage,
		Limits: web.Limits{
			MaxUploadBytes: int64(config.MaxUploadMB) * maxUploadUnit,
			MaxActiveJobs:  config.MaxActiveJobs,
		},
	}
	if page.publishableKey != "" {
		offer.PublishableKey = &page.publishableKey
	}
	for _, format := range formats {
		offer.Formats = append(offer.Formats, web.Format{
			Name: format.Name(), Extensions: format.Extensions(), MediaType: format.MediaType(),
		})
	}
	for _, e := range engines {
		info := e.Info()
		offer.Engines = append(offer.Engines, web.Engine{
			Name: info.Name, Models: info.Models, NeedsKey: info.NeedsKey, Free: info.Free, Prices: prices(e),
		})
		if priced, ok := e.(engine.Priced); ok {
			offer.PricesOf = new(priced.PricesOf())
		}
	}
	return offer
}

// prices returns what an engine's models cost, in US dollars a million tokens.
func prices(e engine.Engine) map[string]web.Price {
	priced, ok := e.(engine.Priced)
	if !ok {
		return nil
	}
	const million = 1_000_000
	found := map[string]web.Price{}
	for _, model := range e.Info().Models {
		if price, known := priced.Price(model); known {
			found[model] = web.Price{Input: (price.Input * million).Float(), Output: (price.Output * million).Float()}
		}
	}
	return found
}

// onPort makes a command listen on the port that the environment names, unless
// a flag or a domain says otherwise: serve on all addresses, as hosting
// platforms expect, and the demo on this machine alone.
func onPort(command *cobra.Command, port string) {
	host := "0.0.0.0"
	if command.Name() == "demo" {
		host = "127.0.0.1"
	}
	command.PreRunE = func(command *cobra.Command, domains []string) error {
		if port == "" || len(domains) > 0 || command.Flags().Changed("http") {
			return nil
		}
		return command.Flags().Set("http", net.JoinHostPort(host, port))
	}
}

// flagOr returns a function that answers with a flag's values where the flag is
// set, and else with the given ones. It is to be asked when flags are parsed.
func flagOr(command *cobra.Command, flag string, otherwise []string) func() []string {
	return func() []string {
		if values, err := command.Flags().GetStringSlice(flag); err == nil && command.Flags().Changed(flag) {
			return values
		}
		return otherwise
	}
}

// execute runs the command line. PocketBase would drop the error of a command
// and exit as if all were well. Here its root command is put inside another
// one that keeps the error, so that a service manager learns of it too.
func execute(app *pocketbase.PocketBase, args []string) error {
	root := app.RootCmd
	root.SilenceErrors = true
	if _, _, err := root.Find(args); err != nil {
		return fmt.Errorf("%w; see %s --help", err, root.Name())
	}
	result := make(chan error, 1)
	app.RootCmd = &cobra.Command{
		Use:                root.Use,
		DisableFlagParsing: true,
		Run: func(*cobra.Command, []string) {
			// Not sooner: until PocketBase listens for it, the first signal ends
			// the process by itself.
			go endAtSecondSignal()
			result <- root.Execute()
		},
	}

	err := app.Execute()
	select {
	case commandErr := <-result:
		return errors.Join(commandErr, err)
	default:
		return err // ended by a signal
	}
}

// endAtSecondSignal ends the process at once when it is told to a second time.
// The first signal is PocketBase's, which lets work in flight finish.
func endAtSecondSignal() {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	<-signals
	<-signals
	os.Exit(130)
}

// commandName returns the first argument that is no flag, nor the value of
// one of PocketBase's flags that stand before a command.
func commandName(args []string) string {
	valued := []string{"--dir", "--encryptionEnv", "--queryTimeout"}
	for i := 0; i < len(args); i++ {
		switch {
		case slices.Contains(valued, args[i]):
			i++
		case !strings.HasPrefix(args[i], "-"):
			return args[i]
		}
	}
	return ""
}

// dataDir returns the default data directory: PocketBase's own choice, but for
// the demo, which must not touch real data.
func dataDir(command string) string {
	if command != "demo" {
		return ""
	}
	return filepath.Join(".", "demo_data")
}
