//! An application under test, its issuer and its access table.

use axum::Router;
use axum_protected::router::AccessTable;
use axum_protected::{ProtectedRouter, ResourceServer, ResourceServerBuilder};
use axum_protected_testing::{AccessMatrix, AccessMatrixError, AuthorizationServer};

pub(crate) type Routes = ProtectedRouter<ResourceServer>;

pub(crate) struct Api {
    pub(crate) issuer: AuthorizationServer,
    pub(crate) table: AccessTable,
    pub(crate) app: Router,
}

impl Api {
    pub(crate) async fn of(routes: Routes) -> Self {
        Self::with(|server| server, routes).await
    }

    /// Serves the routes with a server that has other settings.
    pub(crate) async fn with(
        change: impl FnOnce(ResourceServerBuilder) -> ResourceServerBuilder,
        routes: Routes,
    ) -> Self {
        let issuer = AuthorizationServer::start().await.unwrap();
        let server = change(issuer.resource_server()).build().unwrap();
        let table = routes.access_table().clone();
        let app = routes.with_state(server).into_router().unwrap();
        Self { issuer, table, app }
    }

    /// Puts a layer around the app.
    pub(crate) fn layered(self, layer: impl FnOnce(Router) -> Router) -> Self {
        Self { app: layer(self.app), ..self }
    }

    /// Serves another app in place of the routes of the table.
    pub(crate) fn replaced_by(self, app: Router) -> Self {
        Self { app, ..self }
    }

    pub(crate) async fn report(&self) -> AccessMatrix {
        self.issuer.access_matrix(&self.app, &self.table).await.unwrap()
    }

    /// Returns the failures, of which there must be at least one.
    pub(crate) async fn failures(&self) -> Vec<String> {
        failures(self.issuer.access_matrix(&self.app, &self.table).await)
    }
}

pub(crate) fn failures(result: Result<AccessMatrix, AccessMatrixError>) -> Vec<String> {
    result.unwrap_err().failures().map(str::to_owned).collect()
}

pub(crate) fn untried(report: &AccessMatrix) -> Vec<&str> {
    report.untried().collect()
}
