//go:build tools

// Package hydra names the program that is built, so that go.sum has the sums of its dependencies.
package hydra

import _ "github.com/ory/hydra/v2"
