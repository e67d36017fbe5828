# The portal of LemonLDAP::NG below the path of its address.
use strict;
use warnings;
use Lemonldap::NG::Portal::Main;
use Plack::Builder;

my $portal = Lemonldap::NG::Portal::Main->run( {} );
builder { mount $ENV{PORTAL_PATH} => $portal };
