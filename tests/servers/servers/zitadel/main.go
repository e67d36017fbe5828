// The example server of zitadel/oidc with clients, keys and lifetimes from a file. The argument is a
// JSON file; see the fields of settings.
package main

import (
	"encoding/json"
	"log"
	"log/slog"
	"net/http"
	"os"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

type settings struct {
	Issuer   string
	Path     string
	Address  string
	Keys     string
	User     string
	Password string
	Clients  map[string]client
}

type client struct {
	Secret   string
	Redirect string
	Audience string
	Seconds  int
}

func main() {
	content, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var read settings
	if err := json.Unmarshal(content, &read); err != nil {
		log.Fatal(err)
	}
	router := exampleop.SetupServer(read.Issuer, newStorage(read), slog.Default(), false)
	log.Fatal(http.ListenAndServe(read.Address, http.StripPrefix(read.Path, router)))
}

// users is a store with one user.
type users struct{ user *storage.User }

func (u users) GetUserByID(string) *storage.User { return u.user }

func (u users) GetUserByUsername(name string) *storage.User {
	if name != u.user.Username {
		return nil
	}
	return u.user
}

func (users) ExampleClientID() string { return "service" }
